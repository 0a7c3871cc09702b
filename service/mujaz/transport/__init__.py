"""The gRPC face: servicers, interceptors, health, status table, lifecycle."""

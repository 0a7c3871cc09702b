"""Use cases: the text layer and the engine put together, without protobuf."""

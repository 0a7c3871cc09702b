"""One server interceptor a file, each of the same shape."""

"""Arabic text handling as pure functions on str: no I/O, no engine, no protobuf."""

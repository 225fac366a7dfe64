// A static library needs one source.

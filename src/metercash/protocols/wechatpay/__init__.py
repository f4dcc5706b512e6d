"""WeChat Pay APIv3: bytes in, messages out. No sockets, no clock, no randomness of its own."""

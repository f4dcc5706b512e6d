"""Pure codecs: bytes in, messages out."""

"""Records of a partner outside, read from its own files by a map."""

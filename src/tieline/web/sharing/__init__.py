"""Pages on which owners are asked for more, answer, and see what they released."""

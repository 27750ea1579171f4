"""REST: the same answers through the same door."""

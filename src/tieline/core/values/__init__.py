"""The values that records carry: what was given, what was understood of it, and why not."""

"""A running node filled with the invented border year."""

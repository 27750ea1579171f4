"""Backups of a whole node, and what has to be done before one that was restored may serve."""

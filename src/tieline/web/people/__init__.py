"""People and their assignments, for the administrators of their agency."""

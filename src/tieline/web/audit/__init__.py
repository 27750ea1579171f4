"""Who looked at what, for those who may audit it."""

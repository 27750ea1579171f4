"""PostgreSQL as Django speaks to it; loaded by its name in the settings, where a node uses it."""

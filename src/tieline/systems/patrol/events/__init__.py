"""Events: what was come upon, where, and by what means people moved."""

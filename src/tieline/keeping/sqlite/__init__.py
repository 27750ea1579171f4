"""SQLite as Django has it, with a queue before its one lock for writing."""

"""A record as this viewer may see it, who else may, and who holds more."""

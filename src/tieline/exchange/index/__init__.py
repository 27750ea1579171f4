"""Pointers, the keys by which two of them meet, and links with their evidence."""

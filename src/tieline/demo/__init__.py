"""Invented people, seeded, the truth kept apart."""

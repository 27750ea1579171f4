"""Lookouts: their grounds, their life, their end."""

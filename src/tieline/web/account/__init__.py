"""Signing in, changing hats, and saying what one looks for."""

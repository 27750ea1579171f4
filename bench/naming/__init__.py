"""Pairs of names to measure by."""

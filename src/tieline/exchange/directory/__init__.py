"""Agencies, units, rosters, and how far each system was read."""

"""Notices of a unit, and the overlap behind one: both sides and the evidence."""

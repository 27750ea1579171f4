"""Marks on own records: set, approved, reviewed and ended, each with its grounds."""

"""Telling those who were shown what is corrected or withdrawn since, until they acknowledge it."""

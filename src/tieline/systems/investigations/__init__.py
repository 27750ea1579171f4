"""The investigative agency's records: cases, subject records of each kind, lookouts."""

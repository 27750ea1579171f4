"""Pages on which people acknowledge corrections, and owners see who has not."""

"""Subject records: one file a kind."""

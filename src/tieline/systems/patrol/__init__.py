"""The patrol's records: events, and the subjects who were apprehended in them."""

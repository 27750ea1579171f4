"""Record systems: each with its own words, its own database, one door."""

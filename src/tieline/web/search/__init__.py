"""One box over all systems, and who of them answered."""

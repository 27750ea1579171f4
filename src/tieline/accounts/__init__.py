"""People, their hats, and how they sign in."""

"""Records by the million in a system of their own, and lists of them."""

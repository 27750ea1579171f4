"""The people of an event: who they are, how they are to be protected, what becomes of them."""

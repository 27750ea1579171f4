"""Invented people by the million: who they are, and the records that clerks made of them."""

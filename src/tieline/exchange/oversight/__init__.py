"""What audit finds, and what becomes of it."""

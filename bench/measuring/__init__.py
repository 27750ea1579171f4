"""What the areas share: processes that are timed."""

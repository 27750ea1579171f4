"""A year on both land borders as invented: who truly is who, and what each system wrote down."""

"""Ties record systems together that were built apart."""

__version__ = "0.1.0"

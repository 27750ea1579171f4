"""Redress: what people ask for of records of themselves, entered from their letters."""

"""The page shell and its parts: no domain."""

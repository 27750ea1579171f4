"""The agreement as a document to read."""

"""Tables in and out of files: read row by row, written whole or not at all."""

"""What is true anywhere: values in, values out; no web, no database, no clock, no file."""

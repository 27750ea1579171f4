"""The one place that knows every room: it hands settings and reference data to those who need them."""

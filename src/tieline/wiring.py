"""The one place that knows every room: it hands settings and reference data around."""

"""The one place that knows every room: it hands settings, systems and reference data around."""

"""Asking an owner for more of a record: requests with their clocks, answers, appeals, consents."""

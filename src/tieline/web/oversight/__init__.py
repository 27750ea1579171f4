"""Outliers and findings: what auditors look into, and what units answer."""

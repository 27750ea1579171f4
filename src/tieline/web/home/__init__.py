"""What each role sees first: what needs me now."""

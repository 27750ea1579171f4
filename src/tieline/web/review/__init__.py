"""The review: links on which nobody of the agency has said anything yet, one after the other."""

"""What waits for a person to decide whether it is one."""

"""The administrator's pages of units and of who is on duty there."""

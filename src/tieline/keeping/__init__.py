"""What every keeper of records does, with no domain: versions, outbox, ledger rows, the door."""

"""The ledger's form: what an entry holds, how entries are chained, how anyone checks them."""

"""Pure decisions of billing: which bills wait for a person, what they say, what the ledger is told."""

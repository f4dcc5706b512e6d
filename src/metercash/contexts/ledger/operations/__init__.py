"""Writes of the ledger, one module per kind of thing that happens."""

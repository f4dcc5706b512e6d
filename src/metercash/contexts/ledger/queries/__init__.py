"""Reads of the ledger; they never write."""

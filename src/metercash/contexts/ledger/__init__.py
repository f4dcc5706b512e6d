"""The ledger: journals, postings, open items, balances. Append-only and balanced, or refused."""

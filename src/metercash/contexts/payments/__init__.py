"""收款: channels, money facts, teller shifts, receipts and reconciliation."""

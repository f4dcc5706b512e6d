"""Pure decisions of the ledger: what postings and allocations follow from money, cancellation and reversal."""

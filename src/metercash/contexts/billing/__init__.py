"""Bill runs, bills and their explanation, checks, reversal and rebill."""

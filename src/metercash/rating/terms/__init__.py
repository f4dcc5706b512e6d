"""Terms around a bill: refunds, late fees, instalments, prepayment; each with its own facts."""

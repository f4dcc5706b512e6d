"""Who is supplied, where, and on which terms (客户档案)."""

"""Collections: late fees by the tenant's policy, arrears, first reminders."""

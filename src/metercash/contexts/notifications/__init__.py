"""Messages to customers: queued with the data, sent once, proved."""

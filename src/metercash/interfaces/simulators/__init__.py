"""Stand-ins for the outside world: same wire formats, own keys, faults on demand. Never real money."""

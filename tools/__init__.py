"""Tools for those who work on Metercash; not installed with it."""

"""Metercash: from the meter to the money in the bank."""

__version__ = "0.1.0"

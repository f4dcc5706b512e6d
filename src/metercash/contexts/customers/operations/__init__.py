"""Writes of customers, one module per use case."""

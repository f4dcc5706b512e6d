"""Writes of billing: one module per use case."""

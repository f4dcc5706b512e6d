"""Bounded contexts of the business; their order is held by import-linter."""

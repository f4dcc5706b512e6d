"""Writes of collections."""

"""Formats for English screens."""

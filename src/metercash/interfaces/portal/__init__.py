"""Residents' pages on a phone."""

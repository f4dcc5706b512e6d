"""Reads of collections; they never write."""

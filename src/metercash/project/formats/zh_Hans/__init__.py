"""Formats for Chinese screens."""

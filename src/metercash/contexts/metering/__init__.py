"""Meters, what they said, and how much was used."""

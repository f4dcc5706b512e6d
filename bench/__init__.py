"""Measurements of the published figures; run by ``make bench``."""

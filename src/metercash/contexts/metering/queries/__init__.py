"""Reads of metering: the reading store and the installation history."""

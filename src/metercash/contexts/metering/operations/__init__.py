"""Writes of metering: installations, register reads, imports and estimates."""

"""Writes of notifications: the queue and the transports."""

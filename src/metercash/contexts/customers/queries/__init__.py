"""Reads of customers; they never write."""

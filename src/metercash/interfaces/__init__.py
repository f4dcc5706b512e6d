"""Interfaces translate between people or machines and the contexts; they never decide."""

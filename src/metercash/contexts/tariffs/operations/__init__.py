"""Writes of price documents: their life, their days in force, their source files."""

"""The golden grid: every kind of rule in every situation, made by every calculator, to the fen."""

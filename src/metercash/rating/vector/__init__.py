"""The mass kernel: one plan over columns of accounts, equal to the engine to the fen."""

from metercash.rating.vector.columns import Coded, Columns
from metercash.rating.vector.kernel import Rated, covers, rate_many


__all__ = ["Coded", "Columns", "Rated", "covers", "rate_many"]

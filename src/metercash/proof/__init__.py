"""A second calculator: a bill made again in exact fractions, with nothing else of Metercash."""

"""A second calculator: makes a bill again from its documents and facts, in exact fractions.

It needs Python and PyYAML and nothing of Metercash: ``python -m metercash.proof FILE``.
"""

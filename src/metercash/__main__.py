"""``python -m metercash`` is the ``metercash`` command."""

from metercash.interfaces.cli.main import run


run()

"""``demo``: a heating company and an electricity company, from meter to cash."""

from metercash.interfaces.cli.demo.command import register


__all__ = ["register"]

"""The demo's passwords pass the rule every password must pass, whatever chance draws."""

from metercash.interfaces.cli.demo import staff
from metercash.platform.access import passwords


def test_every_password_is_strong_enough() -> None:
    drawn = {staff.random_password() for _ in range(5_000)}
    assert len(drawn) == 5_000
    for password in drawn:
        passwords.check_strength(password=password, username="clerk")

"""Guesses at what only its owner knows, counted for each thing guessed at, whoever guesses."""

from datetime import datetime, timedelta

from metercash.platform import db
from metercash.platform.access.models import SignInAttempt


FAILURES_MAX = 20
WINDOW = timedelta(hours=24)
_SUBJECT_LENGTH_MAX = 40


@db.transaction()
def exhausted(*, subject: str, now: datetime) -> bool:
    """Whether a thing was guessed at wrongly twenty times within a day, from any address or session.

    Args:
        subject: What is guessed at, for example ``bind:<account number>``.
    """
    failures = SignInAttempt.objects.filter(
        username=subject[:_SUBJECT_LENGTH_MAX], at__gt=now - WINDOW, succeeded=False
    )
    return len(failures.values_list("id")[:FAILURES_MAX]) >= FAILURES_MAX


@db.transaction()
def record(*, subject: str, address: str, succeeded: bool, now: datetime) -> None:
    """Keep one guess; append-only."""
    SignInAttempt.objects.create(
        at=now, username=subject[:_SUBJECT_LENGTH_MAX], address=address, succeeded=succeeded
    )

"""A process that executes a bill run and kills itself, as the power would, where it is told to."""

import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime

import django


def die() -> None:
    """End at once: no handler, no rollback, no goodbye."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(tenant_id: int, run_id: int, now: datetime, where: str, chunk: int) -> None:
    """Execute the run; die before or after the commit of the given chunk."""
    django.setup()
    from metercash.contexts.billing import api
    from metercash.contexts.billing.contracts import Progress
    from metercash.contexts.billing.core.draft import Draft
    from metercash.contexts.billing.operations import writing
    from metercash.contexts.tariffs import api as tariffs
    from metercash.platform import tenancy
    from tests.support import billing as support

    tariffs.plan_in_force = support.plan_in_force  # type: ignore[assignment]
    tariffs.texts_by_hash = support.texts_by_hash  # type: ignore[assignment]
    worked = 0
    write = writing.write_bills

    def write_then_die(drafts: Sequence[Draft], issue: writing.Issue) -> writing.Written:
        nonlocal worked
        worked += 1
        written = write(drafts, issue)
        if where == "before-commit" and worked == chunk:
            die()
        return written

    def after_commit(progress: Progress) -> None:
        if where == "after-commit" and progress.chunks_done == chunk:
            die()

    writing.write_bills = write_then_die
    with tenancy.bind(tenant_id):
        api.execute_run(run_id=run_id, now=now, on_progress=after_commit)


if __name__ == "__main__":
    _, tenant, run, instant, place, number = sys.argv
    main(int(tenant), int(run), datetime.fromisoformat(instant), place, int(number))

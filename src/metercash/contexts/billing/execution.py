"""Executing a run: chunk after chunk, each its own transaction, in one process or several."""

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.process import BaseProcess
from time import perf_counter

from django.db import IntegrityError

from metercash.contexts.billing import helper, queries
from metercash.contexts.billing.contracts import OnProgress, Progress, RunSummary, WorkerLost
from metercash.contexts.billing.models import BILLED_ONCE
from metercash.contexts.billing.operations import runs
from metercash.platform import db, tenancy


WORKERS_MAX = 32
ATTEMPTS_MAX = 3


def execute(
    *, run_id: int, now: datetime, on_progress: OnProgress | None, workers: int
) -> RunSummary:
    """Bring the run to its end, or to FAILED with the reason kept.

    A chunk commits wholly or not at all, so a run whose process was killed goes on with the chunks left.
    """
    began = perf_counter()
    with db.transaction():
        runs.start(run_id=run_id, now=now)
    try:
        _work_all(run_id, now, on_progress, min(max(1, workers), WORKERS_MAX))
        with db.transaction():
            runs.finish(run_id=run_id, now=now, elapsed_ms=_ms_since(began))
    except Exception as error:
        with db.transaction():
            runs.fail(
                run_id=run_id,
                failure=f"{type(error).__name__}: {error}",
                elapsed_ms=_ms_since(began),
            )
        raise
    with db.transaction():
        return queries.run_summary(run_id)


def _work_all(run_id: int, now: datetime, on_progress: OnProgress | None, workers: int) -> None:
    """Work here and in ``workers - 1`` further processes until no chunk is left."""
    with db.transaction():
        chunks = queries.run_summary(run_id).chunks
    context = multiprocessing.get_context("spawn")
    helpers: list[BaseProcess] = [
        context.Process(target=helper.work_in_process, args=(tenancy.current_id(), run_id, now))
        for _ in range(min(workers, chunks) - 1)
    ]
    for process in helpers:
        process.start()
    try:
        report = _reporter(run_id, on_progress) if on_progress else None
        work(run_id=run_id, now=now, after_chunk=report)
    finally:
        for process in helpers:
            process.join()
    if report:
        report()
    lost = [process.exitcode for process in helpers if process.exitcode]
    if lost:
        raise WorkerLost(run_id=run_id, exit_code=lost[0])


def work(*, run_id: int, now: datetime, after_chunk: Callable[[], None] | None) -> None:
    """Take chunks until none is left."""
    while _one_chunk(run_id, now):
        if after_chunk:
            after_chunk()


def _one_chunk(run_id: int, now: datetime) -> bool:
    """One chunk; where another run billed the same account meanwhile, look again and see it."""
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            with _uncollected(), db.transaction():
                return runs.execute_next_chunk(run_id=run_id, now=now) is not None
        except IntegrityError as error:
            if BILLED_ONCE not in str(error) or attempt == ATTEMPTS_MAX:
                raise
    return False


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cycle collector away: it would walk a chunk's many values again and again, all free of cycles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _reporter(run_id: int, on_progress: OnProgress) -> Callable[[], None]:
    began = perf_counter()
    with db.transaction():
        before = queries.run_summary(run_id).counts.selected

    def report() -> None:
        with db.transaction():
            summary = queries.run_summary(run_id)
        done = summary.counts.selected
        seconds = perf_counter() - began
        rate = int((done - before) / seconds) if seconds else 0
        left = max(0, summary.accounts - done)
        on_progress(
            Progress(
                run_id=run_id,
                done=done,
                total=summary.accounts,
                chunks_done=summary.chunks_done,
                chunks=summary.chunks,
                rate=rate,
                eta_s=-(-left // rate) if rate else None,
            )
        )

    return report


def _ms_since(began: float) -> int:
    return round(1000 * (perf_counter() - began))

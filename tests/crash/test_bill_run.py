import os
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from metercash.contexts.billing import api
from metercash.contexts.billing.contracts import RunSummary
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.platform import tenancy
from tests.integration.billing.conftest import HOMES, PERIOD


BILL_FEN = 345838
CHUNKS = 3
ROOT = Path(__file__).parents[2]


def start(now: datetime) -> RunSummary:
    return api.create_run(
        period=PERIOD,
        commodity="HEAT",
        due_date=date(2026, 2, 28),
        now=now,
        accounts_per_chunk=HOMES // CHUNKS,
    )


def execute_and_die(run_id: int, now: datetime, where: str, chunk: int) -> None:
    command = [sys.executable, "-m", "tests.crash.victim", str(tenancy.current_id()), str(run_id)]
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    victim = subprocess.run(
        [*command, now.isoformat(), where, str(chunk)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert victim.returncode == -signal.SIGKILL, victim.stderr.decode()


@pytest.mark.parametrize("where", ["before-commit", "after-commit"])
@pytest.mark.parametrize("chunk", range(1, CHUNKS + 1))
class TestKilledRun:
    def test_loses_nothing_and_doubles_nothing(
        self, estate: list[int], now: datetime, where: str, chunk: int
    ) -> None:
        run = start(now)
        execute_and_die(run.run_id, now, where, chunk)
        left = api.get_run(run_id=run.run_id)
        assert left.status == "RUNNING"
        assert left.chunks_done == (chunk if where == "after-commit" else chunk - 1)
        assert api.bill_totals().bills == left.counts.posted
        done = api.execute_run(run_id=run.run_id, now=now)
        assert (done.status, done.counts.posted) == ("DONE", HOMES)
        assert api.bill_totals().total_fen == HOMES * BILL_FEN
        assert ledger.trial_balance()[ChartAccount.RECEIVABLE] == HOMES * BILL_FEN
        assert ledger.verify().ok

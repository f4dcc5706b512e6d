"""kill -9 of PostgreSQL in the middle of a bill run: our launcher brings it back, the run goes on."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from metercash.platform.postgres import server
from tests.crash.company import CHUNKS, HOMES


ROOT = Path(__file__).parents[2]
SECONDS_MAX = 120

pytestmark = pytest.mark.timeout(300)


def company(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the company in a process of its own, on the server of the home folder as it stands."""
    cluster = server.ensure(home)
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "tests.crash.company", *map(str, arguments)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": paths,
            "METERCASH_HOME": str(home),
            "DATABASE_URL": cluster.dsn_app,
            "DATABASE_OWNER_URL": cluster.dsn_owner,
            "METERCASH_LOG_LEVEL": "warning",
        },
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


def answer(home: Path, *arguments: object) -> Any:
    """What the company answers; it must not fail."""
    done = company(home, *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home folder with a server of its own, so that nobody else is struck."""
    folder = Path(tempfile.mkdtemp(prefix="mc-crash-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        yield folder
        server.remove(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def companies(home: Path) -> list[dict[str, int]]:
    """Equal companies with a run each: one that nothing disturbs, and one for each blow."""
    found: list[dict[str, int]] = answer(home, "found", 1 + len(BLOWS))
    return found


@pytest.fixture(scope="module")
def undisturbed(home: Path, companies: list[dict[str, int]]) -> dict[str, Any]:
    """What a company has after a run that nothing disturbed."""
    done = answer(home, "resume", companies[0]["tenant"], companies[0]["run"])
    told: dict[str, Any] = done["told"]
    assert (done["status"], done["posted"]) == ("DONE", HOMES)
    assert len(told["bills"]) == len(told["journals"]) == len(told["debts"]) == HOMES
    assert (told["finished"], told["ledger"]) == (1, [True, []])
    return told


# Where in which chunk the blow falls on whom, and how many chunks must be there afterwards. A backend
# outlives its killed parent until its transaction ends, so that chunk may be kept or not.
BLOWS = [
    ("gathered", 1, "every", {0}),
    ("written", 2, "postmaster", {1, 2, 3}),
    ("written", 3, "backend", {2}),
    ("committed", 1, "every", {1}),
]


class TestKilledServer:
    @pytest.mark.parametrize(
        "case", range(len(BLOWS)), ids=["-".join(map(str, b[:3])) for b in BLOWS]
    )
    def test_loses_nothing_and_doubles_nothing(
        self, home: Path, companies: list[dict[str, int]], undisturbed: dict[str, Any], case: int
    ) -> None:
        where, chunk, blow, kept = BLOWS[case]
        tenant, run = companies[1 + case]["tenant"], companies[1 + case]["run"]
        struck = company(home, "execute", tenant, run, where, chunk, blow)
        assert struck.returncode == 1, struck.stdout
        # The pool may still be telling of its attempts after the error that ended the process.
        assert "\ndjango.db.utils.OperationalError: " in struck.stderr, struck.stderr

        resumed = answer(home, "resume", tenant, run)
        assert resumed["kept_status"] in {"RUNNING", "FAILED"}
        assert resumed["kept_chunks"] in kept
        assert resumed["kept_posted"] == resumed["kept_chunks"] * HOMES // CHUNKS
        assert resumed["kept_bills"] == resumed["kept_posted"]
        assert (resumed["status"], resumed["posted"]) == ("DONE", HOMES)
        assert resumed["told"] == undisturbed

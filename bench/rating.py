"""The explained engine alone, and beside two published calculators on the same tariff and the same readings.

The peers are installed once, by their lock file, into an environment of their own; without a network they
are left out. Equal means: a customer's year differs by no more than half a fen for each line we round.
"""

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from bench import stage
from metercash import localities
from metercash.kernel.interval import Interval
from metercash.rating import document, engine
from metercash.rating.facts import RatingFacts
from metercash.rating.plan import Plan


ACCOUNTS, RUNS = 20_000, 5
CUSTOMERS = int(os.environ.get("METERCASH_BENCH_CUSTOMERS", "200"))
YEAR, SLOTS = 2025, 96
PEERS = Path(__file__).parent / "peers"
TIME_OF_USE = {
    "kind": "time_of_use",
    "zones": [
        {"name": "valley", "price": "0.307", "hours": [[0, 6], [22, 24]]},
        {"name": "peak", "price": "0.617", "hours": [[6, 22]]},
    ],
}
TIERS = {"kind": "tiered", "bounds": [260, 600], "prices": ["0.617", "0.667", "0.917"]}
HEAD = """\
code: bench-power
name_zh: 测量
name_en: Measurement
citation: 测量
source: bench/rating.py
locality: bench
commodity: POWER
confidence: D
confidence_note: 只用于测量。
effective_from: 2025-01-01
components:
"""


def run() -> dict[str, object]:
    """Explained accounts a second, then the three calculators side by side."""
    figures: dict[str, object] = {
        "two_part_heat_accounts_per_s": explained("harbin-heat-residential-metered", _heat),
        "tiers_over_time_of_use_accounts_per_s": explained("shanghai-power-residential-tou", _tou),
    }
    draw = np.random.default_rng(1)
    readings = draw.integers(0, 250, (CUSTOMERS, 365 * SLOTS), dtype=np.int64)
    python = peers()
    for tariff in (TIME_OF_USE, TIERS):
        figures |= beside(readings, tariff, python)
    return figures


def explained(code: str, facts: Callable[[int], RatingFacts]) -> int:
    """Median of bills a second, every line with its explanation as data."""
    plan = _shipped(code)
    accounts = [facts(number) for number in range(ACCOUNTS)]

    def once() -> None:
        for one in accounts:
            engine.rate(plan=plan, facts=one)

    return round(1000 * ACCOUNTS / statistics.median(stage.timed(once) for _ in range(RUNS)))


def beside(
    readings: npt.NDArray[np.int64], tariff: dict[str, Any], python: Path | None
) -> dict[str, object]:
    """Bills a second of every calculator, and how far the peers' years are from ours."""
    plan = document.parse(HEAD + _component(tariff))
    name = tariff["kind"]
    ours, lines, seconds = [], 0, []
    for _ in range(RUNS):
        began = perf_counter()
        ours, lines = _years(readings, plan)
        seconds.append(perf_counter() - began)
    bills = 12 * len(readings)
    figures: dict[str, object] = {
        f"{name}_bills_per_s": round(bills / statistics.median(seconds)),
    }
    if python is None:
        return figures | {f"{name}_peers": "not installed"}
    allowed = 0.005 * lines / len(readings)
    for peer, found in _peers_found(python, readings, tariff).items():
        apart = max(abs(a - b) for a, b in zip(ours, found["yuan"], strict=True))
        figures[f"{name}_bills_per_s_{peer}"] = round(bills / found["seconds"])
        figures[f"{name}_apart_yuan_{peer}"] = round(apart, 4)
        figures[f"{name}_equal_{peer}"] = apart <= allowed
    return figures


def _years(readings: npt.NDArray[np.int64], plan: Plan) -> tuple[list[float], int]:
    """Yuan of every customer's year in twelve explained bills, and how many lines they have."""
    firsts = [date(YEAR, month, 1) for month in range(1, 13)] + [date(YEAR + 1, 1, 1)]
    starts = [SLOTS * (first - firsts[0]).days for first in firsts[:-1]]
    zones = {"total": range(SLOTS)} if plan.time_of_use is None else _zones(plan)
    days = readings.reshape(len(readings), -1, SLOTS)
    day_starts = [start // SLOTS for start in starts]
    sums = {
        zone: np.add.reduceat(days[:, :, list(slots)].sum(axis=2), day_starts, axis=1).tolist()
        for zone, slots in zones.items()
    }
    periods = [Interval(a, b) for a, b in itertools.pairwise(firsts)]
    years, lines = [], 0
    for customer in range(len(readings)):
        fen = 0
        for month, period in enumerate(periods):
            usage = {zone: found[customer][month] for zone, found in sums.items()}
            bill = engine.rate(plan=plan, facts=RatingFacts(period=period, usage=usage))
            fen += bill.total.fen
            lines += len(bill.lines)
        years.append(fen / 100)
    return years, lines


def _zones(plan: Plan) -> dict[str, Sequence[int]]:
    shown = {"valley": TIME_OF_USE["zones"][0], "peak": TIME_OF_USE["zones"][1]}
    return {
        name: [slot for start, end in zone["hours"] for slot in range(4 * start, 4 * end)]
        for name, zone in shown.items()
    }


def _component(tariff: dict[str, Any]) -> str:
    if tariff["kind"] == "tiered":
        prices, bounds = ", ".join(tariff["prices"]), ", ".join(map(str, tariff["bounds"]))
        return f"  - {{kind: tiered, cycle: MONTH, style: SPLIT, bounds: [{bounds}], prices: [{prices}]}}\n"
    zones = ", ".join(
        f"{zone['name']}: {{price: {zone['price']}, hours: "
        + str([[f"{a:02}:00", f"{b:02}:00"] for a, b in zone["hours"]]).replace("'", '"')
        + "}"
        for zone in tariff["zones"]
    )
    return f"  - {{kind: time_of_use, zones: {{{zones}}}}}\n"


def peers() -> Path | None:
    """The interpreter of the peers' environment, made once beside the measurements' own data."""
    home = os.environ.get("METERCASH_BENCH_HOME", Path(tempfile.gettempdir()) / "metercash-bench")
    folder = Path(home).absolute() / "peers"
    python, lock = folder / "bin" / "python", PEERS / "requirements.lock"
    if (folder / "ready").exists():
        return python
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
    if made.returncode or subprocess.run(pip, check=False, stdout=sys.stderr).returncode:
        sys.stderr.write("the peers could not be installed; only our own figures are taken\n")
        return None
    (folder / "ready").touch()
    return python


def _peers_found(
    python: Path, readings: npt.NDArray[np.int64], tariff: dict[str, Any]
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "readings.npy"
        np.save(file, readings)
        command = [str(python), str(PEERS / "rate.py"), str(file), json.dumps(tariff)]
        ended = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def _shipped(code: str) -> Plan:
    for locality in localities.codes():
        for shipped in localities.load(locality).documents:
            if shipped.plan.code == code:
                return shipped.plan
    raise LookupError(code)


def _heat(number: int) -> RatingFacts:
    return RatingFacts(
        period=Interval(date(2025, 10, 20), date(2026, 4, 21)),
        area_milli=60_000 + 7 * number,
        category="RESIDENTIAL",
        usage={"total": 10_000 + 3 * number},
        usage_unit="GJ",
    )


def _tou(number: int) -> RatingFacts:
    start = date(2025, 10, 1)
    return RatingFacts(
        period=Interval(start, start + timedelta(days=31)),
        category="RESIDENTIAL",
        usage={"peak": 150_000 + 7 * number, "valley": 90_000 + 3 * number},
        year_to_date_milli=2_700_000 + 100 * number,
    )


if __name__ == "__main__":
    stage.report(run())

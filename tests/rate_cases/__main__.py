"""Run files of worked cases through the engine: ``python -m tests.rate_cases FILE [FILE…]``."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.rate_cases import case
from tests.rate_cases.modes import MODES


def verdict(one: case.Case) -> str:
    """Empty when the engine agrees with the case, else what differs."""
    try:
        if one.mode not in MODES:
            return f"no plan document is made for mode “{one.mode}”"
        return "; ".join(case.differences(one, MODES[one.mode](one)))
    except Exception as error:  # noqa: BLE001 - a case that cannot be run has failed, and the rest go on
        return f"{type(error).__name__}: {error}"


def main(files: Sequence[str]) -> int:
    """Tell of each case, and last how many passed; the exit code says whether all did."""
    passed = failed = 0
    for file in files:
        for one in case.read(Path(file)):
            said = verdict(one)
            passed, failed = (passed, failed + 1) if said else (passed + 1, failed)
            sys.stdout.write(f"{one.id}: {said or 'equal'}\n")
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

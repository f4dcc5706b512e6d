"""``python -m metercash.proof FILE…``: verify bills without anything else of Metercash."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from metercash.proof.bill import Told, verify


def results(files: Sequence[str]) -> Iterator[tuple[str, list[Told]]]:
    """Number and differences of every bill; a file holds one bill, or a list."""
    for name in files:
        found = json.loads(Path(name).read_text(encoding="utf-8"))
        for bill in found if isinstance(found, list) else [found]:
            yield str(bill.get("bill_no") or bill.get("account_no") or name), verify(bill)


def report(verified: Sequence[tuple[str, list[Told]]], *, in_english: bool) -> Iterator[str]:
    """A line for each bill that holds and for each difference; last how many passed."""
    for name, found in verified:
        yield from (f"{name}: {told[in_english]}" for told in found or [("一致", "agrees")])
    failed = sum(bool(found) for _, found in verified)
    yield f"{len(verified) - failed} passed, {failed} failed"


def main(arguments: Sequence[str]) -> int:
    verified = [*results([one for one in arguments if not one.startswith("--")])]
    for line in report(verified, in_english="--lang=en" in arguments):
        sys.stdout.write(f"{line}\n")
    return int(not verified or any(found for _, found in verified))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

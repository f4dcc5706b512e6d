"""The golden files of words: what every line says, and what every refusal is answered with.

``python -m tests.unit.rating.golden`` writes them again; read the difference as a tariff officer would.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from metercash.kernel.errors import MetercashError
from metercash.kernel.quantity import plain
from tests.unit.rating.refusals import REFUSED
from tests.unit.rating.spoken import SAID


Row = dict[str, str]

SPOKEN: Final = Path(__file__).with_name("spoken.csv")
ANSWERED: Final = Path(__file__).with_name("refusals.csv")


def said(case: str) -> list[Row]:
    """What each line of a case says."""
    return [
        {
            "case": case,
            "code": line.code,
            "label_zh": line.kind.label_zh,
            "label_en": line.kind.label_en,
            "quantity": plain(line.quantity),
            "unit": line.kind.unit,
            "price": plain(line.kind.price),
            "zh": line.because.sentence_zh(),
            "en": line.because.sentence_en(),
        }
        for line in SAID[case]()
    ]


def answered(case: str) -> list[Row]:
    """What a refused document or account is answered with; nothing where it was accepted."""
    try:
        REFUSED[case]()
    except MetercashError as error:
        return [{"case": case, "code": error.code, "zh": error.chinese, "en": error.english}]
    return []


def kept(path: Path) -> Mapping[str, list[Row]]:
    """The rows of a golden file by case."""
    found: dict[str, list[Row]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["case"], []).append(row)
    return found


def as_text(rows: list[Row]) -> str:
    """Rows as the text of a golden file."""
    text = io.StringIO()
    table = csv.DictWriter(text, [*rows[0]], lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    SPOKEN.write_text(as_text([row for case in SAID for row in said(case)]), encoding="utf-8")
    ANSWERED.write_text(
        as_text([row for case in REFUSED for row in answered(case)]), encoding="utf-8"
    )

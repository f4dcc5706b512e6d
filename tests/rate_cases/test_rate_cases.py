"""The project's own worked cases agree with the engine, and the runner tells when one does not."""

import json
from pathlib import Path

import pytest

from tests.rate_cases import __main__ as runner
from tests.rate_cases import case
from tests.rate_cases.modes import MODES


FILE = Path(__file__).with_name("cases.json")
CASES = [one for one in case.read(FILE) if one.mode in MODES]


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.id)
def test_the_engine_agrees(one: case.Case) -> None:
    assert runner.verdict(one) == ""


def test_tells_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(FILE.read_text(encoding="utf-8"))
    [wrong] = [one for one in document["cases"] if one["id"] == "HS-SY-01"]
    wrong["expected"]["total_fen"] += 1
    unknown = {**wrong, "id": "X", "tariff": {"mode": "unheard-of"}}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": [wrong, unknown]}), encoding="utf-8")
    assert runner.main([str(file)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "HS-SY-01: total 247520, expected 247521"
    assert "unheard-of" in told[1]
    assert told[-1] == "0 passed, 2 failed"

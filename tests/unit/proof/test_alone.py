"""The calculator is short, and runs without the rest of the product."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from typer.testing import CliRunner

import metercash.proof
from metercash.interfaces.cli.main import app
from metercash.kernel.interval import Interval
from metercash.rating.facts import RatingFacts
from tests.support import proofs


PACKAGE = Path(metercash.proof.__file__).parent
LINES_MAX = 600
PRICE = """
code: area
name_zh: 面积
name_en: Area
locality: somewhere
commodity: HEAT
citation: 某价〔2025〕1号
source: 某处
confidence: D
effective_from: 2020-01-01
components: [{kind: area, price: 38.32}]
"""
FACTS = RatingFacts(period=Interval(date(2025, 10, 20), date(2026, 4, 20)), area_milli=80_000)


def files(folder):
    """A bill that holds, and one that does not."""
    right = proofs.rated(PRICE, FACTS)
    wrong = {**json.loads(json.dumps(right)), "bill_no": "B2"}
    wrong["lines"][0]["quantity"] = "81"
    for name, content in (("right.json", right), ("both.json", [right, wrong])):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return str(folder / "right.json"), str(folder / "both.json")


def test_all_of_it_can_be_read_in_one_sitting():
    text = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
    assert len([line for line in text.splitlines() if line.strip()]) <= LINES_MAX


def test_an_auditor_runs_it_from_a_copy(tmp_path):
    right, both = files(tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "metercash" / "proof")
    (tmp_path / "metercash" / "__init__.py").touch()
    alone = {**os.environ, "PYTHONPATH": str(tmp_path)}

    def run(*arguments):
        command = [sys.executable, "-m", "metercash.proof", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False
        )

    done = run(right)
    assert (done.returncode, done.stdout) == (0, "B1: 一致\n1 passed, 0 failed\n")
    done = run("--lang=en", both)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "B1: agrees",
        "B2: Line 1 heat.area: the quantity should be 80, the bill says 81.",
        "1 passed, 1 failed",
    ]


class TestVerifyBill:
    def test_tells_each_bill_and_the_count(self, tmp_path):
        right, both = files(tmp_path)
        agreed = CliRunner().invoke(app, ["verify-bill", right])
        assert (agreed.exit_code, agreed.output) == (0, "B1: 一致\n1 passed, 0 failed\n")
        differs = CliRunner().invoke(app, ["verify-bill", right, both])
        assert differs.exit_code == 1
        assert "B2: 第 1 行“面积热费”的数量应为 80，账单写 81。" in differs.output
        assert differs.output.endswith("2 passed, 1 failed\n")

    def test_tells_programs(self, tmp_path):
        _, both = files(tmp_path)
        done = CliRunner().invoke(app, ["verify-bill", "--json", "--lang", "en", both])
        assert done.exit_code == 1
        assert json.loads(done.output) == [
            {"bill_no": "B1", "agrees": True, "differences": []},
            {
                "bill_no": "B2",
                "agrees": False,
                "differences": ["Line 1 heat.area: the quantity should be 80, the bill says 81."],
            },
        ]

"""Price documents from the shell: checked, compared, rated, approved by two people, proved."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from metercash.kernel.interval import Interval
from metercash.platform.access import Role
from metercash.platform.access import api as access
from tests.integration.interfaces.cli.conftest import NOBODY
from tests.support import homes
from tests.support.tariffs import text


DOCS = Path(__file__).resolve().parents[4] / "docs" / "reference"


@pytest.fixture
def file(tmp_path):
    """A price document on disk."""
    path = tmp_path / "价格.yaml"
    path.write_text(text(price="20"), encoding="utf-8")
    return path


@pytest.fixture
def people(tenant):
    """A tariff officer, a manager and a clerk."""
    for username, role in (
        ("jiage", Role.TARIFF_OFFICER),
        ("jingli", Role.MANAGER),
        ("shoufei", Role.COUNTER_CLERK),
    ):
        access.create_user(
            username=username, display_name=username, roles=[role], password="Kuai-Le-2026-Xue"
        )


class TestLint:
    def test_accepts_what_can_be_used(self, run, file):
        told = run("tariff", "lint", file)
        assert (told.code, "1 份价格文件可以使用" in told.out) == (0, True)
        assert run("tariff", "lint", file, "--json").json == []

    def test_names_every_mistake_with_its_line(self, run, file, tmp_path):
        wrong = tmp_path / "wrong.yaml"
        wrong.write_text(text(price="20元"))
        told = run("tariff", "lint", file, wrong)
        assert told.code == 3
        assert "第11行" in told.out
        assert "只写数字 20" in told.out
        [row] = run("tariff", "lint", wrong, "--json").json
        assert (row["line"], row["kind"]) == (11, "MISTAKE")

    def test_asks_about_what_was_likely_meant_otherwise(self, run, tmp_path):
        odd = tmp_path / "odd.yaml"
        discount = "  - {kind: discount, percent: 0.05, evidence: EARLY}\n"
        odd.write_text(text() + discount)
        told = run("tariff", "lint", odd)
        assert (told.code, "请确认" in told.out) == (0, True)

    def test_refuses_another_encoding(self, run, tmp_path):
        odd = tmp_path / "gbk.yaml"
        odd.write_bytes("名称: 供热".encode("gbk"))
        told = run("tariff", "lint", odd)
        assert (told.code, "UTF-8" in told.err) == (1, True)


class TestDiff:
    def test_shows_fields_and_lines(self, run, file, tmp_path):
        new = tmp_path / "new.yaml"
        new.write_text(text(price="21.5"))
        assert "修改 面积热费·面积单价：20 → 21.5 元/平方米" in run("tariff", "diff", file, new).out
        [one] = run("tariff", "diff", file, new, "--json").json
        assert (one["change"], one["old"], one["new"]) == ("CHANGED", "20", "21.5")
        lines = run("tariff", "diff", file, new, "--text").out.splitlines()
        assert "+  - {kind: area, price: 21.5, clause: 第一条}" in lines
        assert "没有差别" in run("tariff", "diff", file, file).out


class TestRate:
    PERIOD = ("--from", "2025-10-20", "--until", "2026-04-21")

    def test_prints_each_line_with_its_sentence(self, run, file):
        told = run("tariff", "rate", file, "--area", "90.25", *self.PERIOD)
        assert "合计  1,805.00 元" in told.out
        assert "20 × 90.25 = 1805 元" in told.out

    def test_takes_facts_as_json(self, run, file, tmp_path):
        facts = tmp_path / "facts.json"
        period = {"start": "2025-10-20", "end": "2026-04-21"}
        facts.write_text(json.dumps({"period": period, "area_milli": 90_250}))
        rated = run("tariff", "rate", file, "--facts", facts, "--json").json
        assert (rated["total_fen"], rated["lines"][0]["quantity"]) == (180_500, "90.25")

    def test_takes_usage_by_zone_in_the_plans_own_unit(self, run, tmp_path):
        file = tmp_path / "power.yaml"
        line = "  - {kind: metered, price: 0.5, unit: GJ}\n"
        file.write_text(text().split("  - {")[0] + line)
        usage = ("--usage", "peak=1.5", "--usage", "valley=2.5")
        rated = run("tariff", "rate", file, *usage, *self.PERIOD, "--json").json
        assert rated["total_fen"] == 200

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--area", "90"), "账期"),
            (("--area", "九十", *PERIOD), "应为数字"),
            (("--area", "1.2345", *PERIOD), "三位小数"),
            (PERIOD, "收费面积"),
        ],
    )
    def test_says_what_is_missing(self, run, file, options, said):
        told = run("tariff", "rate", file, *options)
        assert (told.code, said in told.err) == (1, True)

    @pytest.mark.parametrize("content", ["{", "[]"])
    def test_refuses_what_is_no_json_of_facts(self, run, file, tmp_path, content):
        facts = tmp_path / "facts.json"
        facts.write_text(content)
        assert run("tariff", "rate", file, "--facts", facts).code == 1


class TestSchema:
    def test_is_the_published_one(self, run):
        assert run("tariff", "schema").out == (DOCS / "price-document.schema.json").read_text()
        manual = run("tariff", "schema", "--manual").out
        assert (DOCS / "price-document.md").read_text().endswith(manual)


class TestLife:
    def test_needs_two_people_and_can_be_proved(self, run, file, people, code, tmp_path):
        def step(*arguments, by):
            return run("tariff", *arguments, "--by", by, "--tenant", code, "--json")

        source = tmp_path / "通知.pdf"
        source.write_bytes(b"%PDF-1.7")
        document_id = step("draft", file, "--attach", source, by="jiage").json["document_id"]
        file.write_text(text(price="22"))
        step("draft", file, "--replace", document_id, by="jiage")
        assert step("submit", document_id, by="jiage").json["status"] == "SUBMITTED"
        assert step("approve", document_id, by="jiage").code == 1
        back = step("return", document_id, "--reason", "文号不全", by="jingli").json
        assert back["status"] == "DRAFT"
        step("submit", document_id, by="jiage")
        assert step("approve", document_id, by="jingli").json["status"] == "APPROVED"
        assert step("publish", document_id, by="jingli").json["status"] == "PUBLISHED"
        [row] = run("tariff", "list", "--code", "test-heat", "--tenant", code, "--json").json
        assert (row["document_id"], row["effective_until"]) == (document_id, None)

        signed = tmp_path / "signed.json"
        assert run("tariff", "export", document_id, signed, "--tenant", code).code == 0
        key = run("tariff", "key", "--tenant", code, "--json").json["public_key"]
        assert run("tariff", "verify", signed, "--key", key, "--json").json["valid"] is True
        assert "核对公钥" in run("tariff", "verify", signed).out
        assert run("tariff", "verify", signed, "--key", "A" * 43 + "=").code == 1
        signed.write_text(signed.read_text().replace("price: 22", "price: 2"))
        told = run("tariff", "verify", signed)
        assert (told.code, "签名不成立" in told.err) == (1, True)
        closed = step("close", "test-heat", "--on", "2031-01-01", "--reason", "并入", by="jingli")
        assert closed.json["effective_until"] == "2031-01-01"

    def test_withdraws_an_approval(self, run, file, people, code):
        common = ("--tenant", code, "--json", "--by")
        made = run("tariff", "draft", file, *common, "jiage").json["document_id"]
        run("tariff", "submit", made, *common, "jiage")
        run("tariff", "approve", made, *common, "jingli")
        gone = run("tariff", "withdraw", made, "--reason", "重复", *common, "jingli").json
        assert gone["status"] == "WITHDRAWN"

    def test_asks_who_answers_for_it(self, run, file, people, code):
        for by in ("shoufei", "nobody"):
            told = run("tariff", "draft", file, "--by", by, "--tenant", code)
            assert told.code == 1
        assert run("tariff", "list", "--tenant", NOBODY).code == 1

    def test_refuses_a_file_that_is_not_signed(self, run, file, tmp_path):
        odd = tmp_path / "odd.json"
        odd.write_bytes(b"\xff\xfe")
        for path in (file, odd):
            assert run("tariff", "verify", path).code == 1


class TestSimulate:
    @pytest.fixture
    def billed(self, tenant, now):
        """A home of 90.25 m² billed 3458.38 yuan for a season."""
        plan = "harbin-heat-residential"
        shipped = homes.text_of("harbin", plan)
        homes.publish(now - timedelta(days=120), shipped)
        home = homes.home(1, "HEAT", plan, now - timedelta(days=100))
        home.run(Interval(date(2025, 10, 20), date(2026, 4, 20)), now)
        return shipped.replace("price: 38.32", "price: 40.00")

    def options(self, file, code):
        return (
            *("tariff", "simulate", file, "--plan", "harbin-heat-residential"),
            *("--since", "2025-10-20", "--until", "2026-04-20", "--tenant", code),
        )

    def test_tells_who_pays_more_and_writes_a_workbook(self, run, billed, code, tmp_path):
        file, book = tmp_path / "draft.yaml", tmp_path / "hearing.xlsx"
        file.write_text(billed, encoding="utf-8")
        found = run(*self.options(file, code), "--excel", book, "--json").json
        assert found["impact"]["whole"]["after_fen"] == 361_000
        rows = CalamineWorkbook.from_path(book).get_sheet_by_name("分组").to_python()
        assert rows[1][:4] == ["全部", "", 1.0, 1.0]
        assert rows[1][6:9] == [3458.38, 3610.0, 151.62]
        assert "151.62" in run(*self.options(file, code)).out

    def test_refuses_an_unknown_community(self, run, billed, code, tmp_path):
        file = tmp_path / "draft.yaml"
        file.write_text(billed, encoding="utf-8")
        assert run(*self.options(file, code), "--community", "无此小区").code != 0

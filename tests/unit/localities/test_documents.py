"""Every price document that ships parses and says where it was read and how sure it is."""

from collections import Counter
from pathlib import Path

import pytest

from metercash import localities


FOLDER = Path(localities.__file__).parent
FILES = sorted(FOLDER.glob("*/*.yaml"))
LOADED = [one for code in localities.codes() for one in localities.load(code).documents]
PLANS = [one.plan for one in LOADED]
HEAT = [plan for plan in PLANS if plan.commodity == "HEAT"]
HEAT_CITIES = {
    "beijing", "changchun", "harbin", "jilin-city", "jinan", "luoyang", "qingdao", "shenyang",
    "shijiazhuang", "taiyuan", "tianjin", "urumqi", "xian", "yantai",
}  # fmt: skip


def test_every_file_is_found():
    assert Counter(one.text for one in LOADED) == Counter(
        file.read_text(encoding="utf-8") for file in FILES
    )


def test_the_cities_of_heat_ship():
    assert {plan.locality for plan in HEAT} >= HEAT_CITIES


def test_codes_are_unique():
    doubled = [code for code, count in Counter(plan.code for plan in PLANS).items() if count > 1]
    assert doubled == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_document_stands_in_the_folder_of_its_locality(file):
    text = file.read_text(encoding="utf-8")
    (plan,) = [one.plan for one in LOADED if one.text == text]
    assert plan.locality == file.parent.name
    assert plan.code.startswith(f"{plan.locality}-")


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
class TestDocument:
    def test_names_its_source_and_citation(self, plan):
        assert plan.source
        assert plan.citation

    def test_says_why_a_low_grade_is_low(self, plan):
        assert plan.confidence in ("A", "B") or plan.confidence_note

    def test_a_late_fee_says_where_it_is_written(self, plan):
        if plan.late_fee is not None:
            assert plan.late_fee.citation


@pytest.mark.parametrize("plan", HEAT, ids=lambda plan: plan.code)
class TestHeat:
    def test_has_a_season_and_a_late_fee_of_its_own_or_none(self, plan):
        assert plan.season is not None
        assert plan.late_fee is not None

    def test_can_be_read_where_it_was_read(self, plan):
        assert plan.source.startswith("http")

    def test_a_copy_is_no_better_than_grade_c(self, plan):
        assert ("转载" not in plan.citation) or plan.confidence in ("C", "D")

    def test_every_rule_of_money_names_its_clause(self, plan):
        for component in plan.components:
            if component.kind == "stop_fee":
                assert all(share.clause for share in component.shares)
            else:
                assert component.clause, component.kind
        assert all(version.clause and version.citation for version in plan.refund)

"""Every legal bill of the grid: all surfaces agree to the fen, and no total has changed."""

import pytest

from tests.grid import report
from tests.grid.axes import ILLEGAL, KINDS, Cell, Rounding, Surface, cells, situations
from tests.grid.documents import RULES
from tests.grid.surfaces import TOTAL


def test_every_kind_of_component_and_every_surface_has_its_place():
    assert set(KINDS) == set(RULES)
    assert set(TOTAL) == set(Surface)


@pytest.mark.parametrize("kind", KINDS)
def test_all_surfaces_agree_to_the_fen(kind):
    found = report.totals(kind)
    assert set(cells(kind)) - set(found) == set()
    assert {cell: by for cell, by in found.items() if len(set(by.values())) > 1} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_total_has_changed(kind):
    assert report.rows(kind) == report.kept(kind)


@pytest.mark.parametrize("rule", ILLEGAL, ids=lambda rule: rule.reason)
def test_every_reason_forbids_a_cell(rule):
    cells = [Cell(s, r) for kind in KINDS for s in situations(kind) for r in Rounding]
    assert any(rule.holds(cell, surface) for cell in cells for surface in Surface)


def test_the_page_of_coverage_is_current():
    assert report.COVERAGE.read_text(encoding="utf-8") == report.page()
    wanted, covered = (sum(part) for part in zip(*map(report.counts, KINDS), strict=True))
    assert covered / wanted >= 0.99

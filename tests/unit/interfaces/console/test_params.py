"""Query strings and forms are bounded."""

from datetime import date

import pytest
from django.http import QueryDict

from metercash.interfaces.console import params
from metercash.kernel.errors import InvalidInput


class TestText:
    def test_drops_control_characters(self) -> None:
        assert params.text(QueryDict("q=%00a%0Ab"), "q") == "ab"

    def test_keeps_rare_characters_of_names(self) -> None:
        assert params.text(QueryDict("q=王𬭎䶮"), "q") == "王𬭎䶮"

    def test_is_cut_to_its_longest(self) -> None:
        assert len(params.text(QueryDict(f"q={'x' * 5000}"), "q")) == params.TEXT_MAX


class TestNumber:
    @pytest.mark.parametrize("raw", ["", "-1", "1.5", "abc", "9" * 30, "٣"])
    def test_is_none_for_what_is_no_identifier(self, raw: str) -> None:
        assert params.number(QueryDict(f"n={raw}"), "n") is None

    def test_reads_an_identifier(self) -> None:
        assert params.number(QueryDict("n=42"), "n") == 42


class TestFen:
    @pytest.mark.parametrize(
        ("raw", "fen"), [("1,234.50", 123450), ("0.05", 5), ("7", 700), ("１２", 1200)]
    )
    def test_reads_yuan(self, raw: str, fen: int) -> None:
        query = QueryDict(mutable=True)
        query["a"] = raw
        assert params.fen(query, "a", "金额") == fen

    @pytest.mark.parametrize("raw", ["abc", "-1", "1.005", "NaN", "Infinity", "1e30"])
    def test_refuses_what_is_no_amount(self, raw: str) -> None:
        with pytest.raises(InvalidInput):
            params.fen(QueryDict(f"a={raw}"), "a", "金额")

    def test_is_none_where_empty(self) -> None:
        assert params.fen(QueryDict("a="), "a", "金额") is None


class TestDay:
    def test_reads_a_date(self) -> None:
        assert params.day(QueryDict("d=2026-01-20"), "d") == date(2026, 1, 20)

    def test_falls_back(self) -> None:
        assert params.day(QueryDict("d=2026-13-40"), "d") is None

    def test_is_required_where_it_must_be_there(self) -> None:
        with pytest.raises(InvalidInput):
            params.required_day(QueryDict(""), "d", "账期起")

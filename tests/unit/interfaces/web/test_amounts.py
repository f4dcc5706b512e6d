"""How amounts are written."""

import pytest

from metercash.interfaces.web import amounts


class TestYuan:
    @pytest.mark.parametrize(
        ("fen", "text"),
        [
            (0, "0.00"),
            (5, "0.05"),
            (364903, "3,649.03"),
            (626660223, "6,266,602.23"),
            (-1, "−0.01"),
        ],
    )
    def test_groups_thousands_by_three(self, fen: int, text: str) -> None:
        assert amounts.yuan(fen) == text


class TestPlainYuan:
    def test_has_no_separators(self) -> None:
        assert amounts.plain_yuan(-364903) == "-3649.03"


class TestTenThousandYuan:
    @pytest.mark.parametrize(
        ("fen", "text"),
        [(3813200000, "3,813.20"), (5000, "0.01"), (4999, "0.00"), (-5000, "−0.01")],
    )
    def test_rounds_half_up(self, fen: int, text: str) -> None:
        assert amounts.ten_thousand_yuan(fen) == text


class TestMilli:
    @pytest.mark.parametrize(
        ("value", "text"), [(131260, "131.26"), (96000, "96"), (0, "0"), (1234567000, "1,234,567")]
    )
    def test_drops_trailing_zeros(self, value: int, text: str) -> None:
        assert amounts.milli(value) == text


class TestCapitals:
    @pytest.mark.parametrize(
        ("fen", "text"),
        [
            (0, "零元整"),
            (5, "伍分"),
            (150, "壹元伍角整"),
            (105, "壹元零伍分"),
            (1000000, "壹万元整"),
            (290649, "贰仟玖佰零陆元肆角玖分"),
            (10005000, "壹拾万零伍拾元整"),
            (1000000000000, "壹佰亿元整"),
            (10000000100, "壹亿零壹元整"),
            (-100, "负壹元整"),
        ],
    )
    def test_writes_what_accounting_law_wants(self, fen: int, text: str) -> None:
        assert amounts.capitals(fen) == text

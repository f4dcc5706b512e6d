"""Cells, words and decisions of the import."""

from datetime import UTC, date, datetime

import pytest

from metercash.contexts.customers.core import cells, words
from metercash.contexts.customers.core.record import BY_FIELD


class TestColumns:
    @pytest.mark.parametrize(
        ("field", "cell", "expected"),
        [
            ("building_area_milli", 89.60000000000001, 89_600),
            ("building_area_milli", "1,089.5㎡", 1_089_500),
            ("height_mm", 2.9, 2900),
            ("latitude_micro", "45.756967", 45_756_967),
            ("account_no", 10000001.0, "10000001"),
            ("account_no", "007", "007"),
            ("phone", 13800000001.0, "13800000001"),
            ("phone", "+86 138-0000-0001", "13800000001"),
            ("valid_from", datetime(2025, 10, 20, tzinfo=UTC), "2025-10-20"),
            ("valid_from", "2025年10月20日", "2025-10-20"),
            ("valid_from", "20251020", "2025-10-20"),
            ("valid_from", "2025/1/2", "2025-01-02"),
            ("commodity", "热", "HEAT"),
            ("category", "resident", "RESIDENT"),
            ("id_number", "11010519491231002x", "11010519491231002X"),
            ("floor", 3.0, 3),
        ],
    )
    def test_reads(self, field, cell, expected):
        value = BY_FIELD[field].parse(cell)
        assert (value.isoformat() if isinstance(value, date) else value) == expected

    @pytest.mark.parametrize(
        ("field", "cell", "reason"),
        [
            ("building_area_milli", "九十", "不是数字"),
            ("building_area_milli", "1.2345", "小数位数太多"),
            ("building_area_milli", -1.0, "超出范围 0～10000000"),
            ("building_area_milli", "nan", "超出范围 0～10000000"),
            ("account_no", 1.2345678901234567e17, "长数字被 Excel 存成了数值，末尾几位已经丢失"),
            ("name", "王\n五", "含有换行或不可见字符"),
            ("name", "王" * 121, "超过 120 个字"),
            ("phone", "123", "不是有效的电话号码"),
            ("valid_from", "明天", "不是日期"),
            ("valid_from", "2025-02-30", "没有这一天"),
            ("commodity", "水", "不在可选范围内"),
            ("floor", "三", "不是整数"),
            ("floor", "999", "超出范围 -9～200"),
            ("id_number", "110105194912310021", "身份证号校验位不对"),
        ],
    )
    def test_refuses_with_advice(self, field, cell, reason):
        with pytest.raises(cells.CellError) as caught:
            BY_FIELD[field].parse(cell)
        assert caught.value.reason == reason
        assert caught.value.advice


class TestAccountTokens:
    def test_holds_what_clerks_type(self):
        tokens = words.account_tokens(
            account_no="10004242",
            name="张䶮明",
            phones=["0451-82345678"],
            community="幸福家园",
            building="3号楼",
            unit="2单元",
            room="301室",
        )
        assert tokens >= {"10004242", "4242", "张䶮明", "䶮明", "045182345678", "5678"}
        assert tokens >= {"幸福家园3-2-301", "家园3-2-301", "3-2-301", "301"}
        assert "" not in tokens

    def test_meets_the_search_terms(self):
        assert words.search_terms(" ３号楼２单元301 张 ") == ["3-2-301", "张"]


class TestComposeAddress:
    @pytest.mark.parametrize(
        ("parts", "expected"),
        [
            (("幸福家园", "3", "2", "301"), "幸福家园 3号楼 2单元 301室"),
            (("幸福家园", "3号楼", "", "东门市"), "幸福家园 3号楼 东门市"),
        ],
    )
    def test_adds_missing_words(self, parts, expected):
        assert words.compose_address(*parts) == expected


class TestMaskIdNumber:
    def test_hides_the_middle(self):
        assert words.mask_id_number("11010519491231002X") == "1101**********002X"
        assert words.mask_id_number("1234") == "****"

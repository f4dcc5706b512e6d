"""Importing customers into the database."""

import io

import openpyxl
import pytest

from metercash.contexts.customers import api
from metercash.contexts.customers.contracts import FileUnreadable
from metercash.platform import tenancy
from tests.support.customers import as_csv, row


def load(content, now, *, filename="a.csv", dry_run=False, skip_invalid=False):
    return api.import_file(
        content=content, filename=filename, dry_run=dry_run, now=now, skip_invalid=skip_invalid
    )


def outcome(report):
    return (report.created, report.updated, report.unchanged, len(report.errors), report.written)


class TestImportFile:
    def test_creates_accounts_and_is_idempotent(self, tenant, now):
        content = as_csv([row(n) for n in range(45)])
        assert outcome(load(content, now)) == (45, 0, 0, 0, True)
        assert outcome(load(content, now)) == (0, 0, 45, 0, True)
        detail = api.get_account_by_no(account_no="10000007")
        assert detail.name == "王丁7"
        assert detail.address == "幸福家园 1号楼 2单元 402室"
        assert detail.area_milli == 90_250
        assert (detail.building_area_milli, detail.height_mm) == (96_500, 2900)
        assert detail.phone == "13800000007"
        (community,) = api.list_communities()
        assert (community.name, community.account_count) == ("幸福家园", 45)
        assert (community.latitude, community.longitude) == (45.756967, 126.642464)

    def test_writes_nothing_on_a_dry_run(self, tenant, now):
        report = load(as_csv([row(1)]), now, dry_run=True)
        assert outcome(report) == (1, 0, 0, 0, False)
        assert api.list_accounts().total == 0

    def test_holds_everything_back_when_one_row_is_wrong(self, tenant, now):
        report = load(as_csv([row(1), row(2, 建筑面积="九十")]), now)
        assert outcome(report) == (1, 0, 0, 1, False)
        assert report.skipped == 1
        (error,) = report.errors
        assert (error.row, error.field, error.value) == (3, "建筑面积", "九十")
        assert error.reason == "不是数字"
        assert api.list_accounts().total == 0

    def test_writes_valid_rows_when_asked_to(self, tenant, now):
        report = load(as_csv([row(1), row(2, 户名="")]), now, skip_invalid=True)
        assert outcome(report) == (1, 0, 0, 1, True)
        assert [a.account_no for a in api.list_accounts().items] == ["10000001"]

    def test_updates_what_changed(self, tenant, now):
        load(as_csv([row(1), row(2), row(3)]), now)
        changed = [
            row(1, 户名="张䶮", 手机号="0451-82345678"),
            row(2, 收费面积="101.125", 价格方案="plan-b"),
            row(3),
        ]
        assert outcome(load(as_csv(changed), now)) == (0, 2, 1, 0, True)
        assert outcome(load(as_csv(changed), now)) == (0, 0, 3, 0, True)
        first = api.get_account_by_no(account_no="10000001")
        assert (first.name, first.phone) == ("张䶮", "0451-82345678")
        assert {c.value for c in first.contacts} == {"0451-82345678", "13800000001"}
        second = api.get_account_by_no(account_no="10000002")
        assert (second.area_milli, second.plan_code) == (101_125, "plan-b")
        assert api.search(text="张䶮")[0].account_no == "10000001"

    def test_splits_the_agreement_at_a_later_start(self, tenant, now):
        load(as_csv([row(1)]), now)
        report = load(as_csv([row(1, 价格方案="plan-b", 起始日期="2026-01-01")]), now)
        assert outcome(report) == (0, 1, 0, 0, True)
        detail = api.get_account_by_no(account_no="10000001")
        dates = [(a.plan_code, str(a.valid_from), str(a.valid_until)) for a in detail.agreements]
        assert dates == [
            ("plan-a", "2025-10-20", "2026-01-01"),
            ("plan-b", "2026-01-01", "None"),
        ]

    def test_moves_an_address_unless_it_is_taken(self, tenant, now):
        load(as_csv([row(1), row(2)]), now)
        assert outcome(load(as_csv([row(1, 房号="909")]), now)) == (0, 1, 0, 0, True)
        assert api.search(text="909")[0].account_no == "10000001"
        target = row(2)
        report = load(as_csv([row(1, 楼栋=target["楼栋"], 单元=target["单元"],
                                  房号=target["房号"])]), now)  # fmt: skip
        assert [e.reason for e in report.errors] == ["该地址已有另一处房屋"]

    def test_refuses_duplicates_in_the_file(self, tenant, now):
        report = load(as_csv([row(1), row(1)]), now)
        assert {e.reason for e in report.errors} == {
            "与第 2 行重复",
            "与第 2 行是同一房屋、同一用能类型",
        }
        assert not report.written

    def test_refuses_an_occupied_home_and_a_taken_number(self, tenant, now):
        load(as_csv([row(1)]), now)
        report = load(as_csv([row(1, 户号="777", 外部编号="NEW")]), now)
        assert [e.reason for e in report.errors] == ["该房屋已有用户，户号 10000001"]
        report = load(as_csv([row(2, 户号="10000001")]), now)
        assert [e.field for e in report.errors] == ["户号"]

    def test_shares_premises_between_heat_and_power(self, tenant, now):
        rows = [row(1), row(1, 户号="P1", 外部编号="P1", 用能类型="供电")]
        assert outcome(load(as_csv(rows), now)) == (2, 0, 0, 0, True)
        heat = api.get_account_by_no(account_no="10000001")
        power = api.get_account_by_no(account_no="P1")
        assert heat.premises_id == power.premises_id
        assert heat.service_point_id != power.service_point_id

    def test_keeps_stored_values_for_columns_the_file_lacks(self, tenant, now):
        load(as_csv([row(1)]), now)
        content = "户号,手机号\n10000001,13912345678\n".encode("gb18030")
        assert outcome(load(content, now)) == (0, 1, 0, 0, True)
        detail = api.get_account_by_no(account_no="10000001")
        assert (detail.phone, detail.name) == ("13912345678", "王乙1")

    def test_asks_for_missing_columns_of_new_accounts(self, tenant, now):
        report = load("户号,手机号\n1,13912345678\n".encode(), now)
        assert {e.field for e in report.errors} >= {"户名", "小区", "房号"}

    def test_reads_gb18030_with_rare_characters(self, tenant, now):
        load(as_csv([row(1, 户名="𬭎䶮")], encoding="gb18030"), now)
        assert api.get_account_by_no(account_no="10000001").name == "𬭎䶮"

    @pytest.mark.parametrize("content", [b"", b"\x00\x01", "甲,乙\n1,2".encode(), b"PK\x03\x04x"])
    def test_refuses_what_is_no_table(self, tenant, now, content):
        with pytest.raises(FileUnreadable):
            load(content, now)

    def test_stays_within_its_tenant(self, tenant, other_tenant, now):
        load(as_csv([row(1)]), now)
        with tenancy.bind(other_tenant):
            assert outcome(load(as_csv([row(1)]), now)) == (1, 0, 0, 0, True)
            assert api.list_accounts().total == 1

    def test_reads_its_own_template(self, tenant, now):
        report = load(api.import_template(), now, filename="t.xlsx")
        assert outcome(report) == (1, 0, 0, 0, True)


class TestErrorWorkbook:
    def test_gives_the_sheet_back_with_reasons_and_takes_it_again(self, tenant, now):
        content = as_csv([row(1), row(2, 建筑面积="九十", 手机号="123")])
        report = load(content, now)
        returned = api.error_workbook(content=content, filename="a.csv", report=report)
        sheet = openpyxl.load_workbook(io.BytesIO(returned)).active
        header = [cell.value for cell in sheet[1]]
        column = header.index("错误说明") + 1
        assert sheet.cell(2, column).value is None
        assert "建筑面积：不是数字" in sheet.cell(3, column).value
        assert "手机号：不是有效的电话号码" in sheet.cell(3, column).value
        sheet.cell(3, header.index("建筑面积") + 1).value = 90
        sheet.cell(3, header.index("手机号") + 1).value = 13800000002
        mended = io.BytesIO()
        sheet.parent.save(mended)
        again = load(mended.getvalue(), now, filename="a.xlsx")
        assert outcome(again) == (2, 0, 0, 0, True)
        cleared = api.error_workbook(content=mended.getvalue(), filename="a.xlsx", report=again)
        sheet = openpyxl.load_workbook(io.BytesIO(cleared)).active
        assert sheet.cell(3, column).value is None


class TestExport:
    def test_comes_back_unchanged(self, tenant, now):
        rows = [row(n, 户名=f"=HYPERLINK({n})") for n in range(5)]
        load(as_csv(rows), now)
        book = api.export_workbook()
        assert outcome(load(book, now, filename="e.xlsx")) == (0, 0, 5, 0, True)
        table = api.export_csv()
        assert "'=HYPERLINK" in table.decode("utf-8-sig")
        assert outcome(load(table, now)) == (0, 0, 5, 0, True)

"""Billing facts come from a file: tried, written once, ended, and refused with the row and the reason."""

import csv
import io
from datetime import date

import pytest

from metercash.contexts.customers import api
from metercash.contexts.customers.contracts import Evidence
from metercash.platform import audit
from tests.support.customers import as_csv, row


TODAY = date(2026, 1, 15)
SHEET = [
    {"户号": "10000001", "资料种类": "面积部位", "项目": "封闭阳台", "部位面积": "6.5"},
    {"户号": "10000001", "资料种类": "证明", "项目": "低保", "凭据": "2025-118"},
    {"户号": "10000001", "资料种类": "家庭人口", "人口数": "5"},
    {"户号": "10000002", "资料种类": "停供", "项目": "停供", "最后一天": "2026-04-20"},
    {"户号": "10000002", "资料种类": "变压器", "项目": "1", "容量": "630"},
    {"户号": "10000002", "资料种类": "暂停", "项目": "1", "最后一天": "2025-12-31"},
    {"户号": "10000002", "资料种类": "用电合同", "合同需量": "500"},
    {"户号": "10000002", "资料种类": "用电合同", "合同需量": "600", "第一天": "2026-01-01"},
]


@pytest.fixture(autouse=True)
def accounts(tenant, now):
    content = as_csv([row(n) for n in range(3)])
    assert api.import_file(content=content, filename="a.csv", dry_run=False, now=now).written


def account_id(number="10000001"):
    return api.get_account_by_no(account_no=number).account_id


def facts_of(number):
    return api.account_facts(account_id=account_id(number))


@pytest.fixture
def bring(now):
    def bring_in(rows, **how):
        out = io.StringIO(newline="")
        headers = dict.fromkeys(["户号", "资料种类", "第一天", *(k for r in rows for k in r)])
        writer = csv.DictWriter(out, headers)
        writer.writeheader()
        writer.writerows({"第一天": "2025-10-20", **line} for line in rows)
        return api.import_file(
            content=out.getvalue().encode(),
            filename="facts.csv",
            now=now,
            **{"dry_run": False, **how},
        )

    return bring_in


class TestImportFile:
    def test_takes_over_every_kind_once(self, bring):
        report = bring(SHEET)
        assert (report.errors, report.created, report.written) == ([], 8, True)
        assert [p.area_milli for p in facts_of("10000001").parts] == [6_500]
        assert [len(t.suspensions) for t in facts_of("10000002").transformers] == [1]
        again = bring(SHEET)
        assert (again.errors, again.created, again.unchanged) == ([], 0, 8)

    def test_only_tells_on_a_dry_run(self, bring):
        report = bring(SHEET, dry_run=True)
        assert (report.created, report.written) == (8, False)
        assert facts_of("10000001").parts == ()
        assert audit.list_entries(action="customers.fact.").total == 0

    def test_ends_what_the_file_ends(self, bring):
        bring(SHEET)
        ended = {**SHEET[1], "最后一天": "2026-03-31"}
        assert bring([ended]).updated == 1
        (proof,) = facts_of("10000001").evidences
        assert proof.valid_until == date(2026, 4, 1)

    @pytest.mark.parametrize(
        ("line", "field", "reason"),
        [
            ({"户号": "999", "资料种类": "证明", "项目": "低保"}, "户号", "没有这个户号"),
            ({"户号": "10000001", "资料种类": "泳池"}, "资料种类", "不在可选范围内"),
            ({"户号": "", "资料种类": "证明", "项目": "低保"}, "户号", "必填项没有填写"),
            (
                {"户号": "10000001", "资料种类": "证明", "项目": "低保", "第一天": ""},
                "第一天",
                "必填项没有填写",
            ),
            (
                {"户号": "10000001", "资料种类": "面积部位", "项目": "泳池", "部位面积": "1"},
                "",
                "部位不在可选范围内",
            ),
            (
                {"户号": "10000001", "资料种类": "面积部位", "项目": "阁楼", "部位面积": "大"},
                "部位面积",
                "不是数字",
            ),
            (
                {"户号": "10000001", "资料种类": "暂停", "项目": "7", "最后一天": "2026-01-01"},
                "项目",
                "变压器：这段时间没有这台变压器在用",
            ),
        ],
    )
    def test_names_the_wrong_cell_and_writes_nothing(self, bring, line, field, reason):
        report = bring([SHEET[0], line])
        (error,) = report.errors
        assert (error.row, error.field, error.reason) == (3, field, reason)
        assert error.advice
        assert (report.written, report.skipped) == (False, 1)
        assert facts_of("10000001").parts == ()

    def test_writes_the_rest_where_asked_to(self, bring):
        report = bring([SHEET[0], {**SHEET[0], "部位面积": "7"}], skip_invalid=True)
        assert [e.reason for e in report.errors] == ["这段时间里已有同类记录"]
        assert (report.written, report.created) == (True, 1)

    def test_marks_the_rows_in_the_users_own_sheet(self, bring, now):
        content = api.fact_template()
        report = api.import_file(content=content, filename="t.xlsx", dry_run=True, now=now)
        assert [(e.row, e.field) for e in report.errors] == [(2, "户号")]
        marked = api.error_workbook(content=content, filename="t.xlsx", report=report)
        again = api.import_file(content=marked, filename="m.xlsx", dry_run=True, now=now)
        assert again.errors == report.errors


class TestExportFacts:
    def test_comes_back_unchanged(self, bring, now):
        bring(SHEET)
        api.record_fact(account_id=account_id(), fact=Evidence("SINGLE_PARENT", TODAY), as_of=TODAY)
        kept = [facts_of(number) for number in ("10000001", "10000002")]
        report = api.import_file(
            content=api.export_facts(), filename="b.xlsx", dry_run=False, now=now
        )
        assert (report.errors, report.unchanged, report.created) == ([], 9, 0)
        assert [facts_of(number) for number in ("10000001", "10000002")] == kept
        first, second = kept[1].contracts
        assert first.valid_until == second.valid_from

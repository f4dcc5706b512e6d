"""Every mistake in a price document is refused with its line."""

import pickle
from datetime import date
from decimal import Decimal

import pytest

from metercash import localities
from metercash.rating import document
from metercash.rating.errors import PlanDocumentInvalid
from tests.unit.rating.helpers import HEAD, plan, rate


AREA = "  - {kind: area, price: 1}\n"


def refused(text):
    with pytest.raises(PlanDocumentInvalid) as caught:
        document.parse(text)
    return caught.value.problems


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        ("{kind: area}", "缺少必填项"),
        ("{kind: area, price: 1, prize: 2}", "没有“prize”这个名称，是不是 price？"),
        ("{kind: rent, price: 1}", "kind 应为"),
        ("{price: 1}", "每个组件都要写 kind"),
        ("{kind: area, price: -1}", "应大于 0"),
        ("{kind: area, price: abc}", "应为数字"),
        ("{kind: area, price: NaN}", "应为有限的数"),
        ("{kind: area, price: 1.123456789}", "小数不得超过 8 位"),
        ("{kind: area, price: 1, usable: maybe}", "应为 true 或 false"),
        ("{kind: area, price: 1, per: WEEK}", "之一，不是“WEEK”"),
        ("{kind: tiered, cycle: YEAR, bounds: [5, 5], prices: [1, 1]}", "应逐档增大"),
        ("{kind: tiered, cycle: YEAR, bounds: [5], prices: [1, 1]}", "prices 应有 1 个价格"),
        ("{kind: tiered, cycle: YEAR, style: SPLIT, base: 1, bounds: [5], prices: [1, 1]}",
         "不应再写 base"),
        ("{kind: tiered, cycle: MONTH, bounds: [5], prices: [1], seasons: [{months: [1],bounds: [1,2]}]}",
         "seasons 的档数"),
        ("{kind: time_of_use, zones: {a: {price: 1, hours: [['00:00', '23:45']]}}}", "恰好覆盖全天"),
        ("{kind: time_of_use, zones: {a: {price: 1, hours: [['22:00', '06:00']]}}}", "跨零点"),
        ("{kind: time_of_use, zones: {a: {price: 1, hours: [['00:07', '24:00']]}}}", "整刻钟"),
        ("{kind: time_of_use, zones: {a: {price: 1, hours: [['0', '24:00']]}}}", "整刻钟"),
        ("{kind: time_of_use, zones: {}}", "至少要有 1 项"),
    ],
)  # fmt: skip
def test_a_wrong_component_is_refused_with_its_line(component, reason):
    problems = refused(f"{HEAD}{AREA}  - {component}\n")
    assert reason in "".join(str(problem) for problem in problems)
    assert {problem.line for problem in problems} == {13}
    assert all(problem.path.startswith("components.1") for problem in problems)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: [", 1, "不是合法的 YAML"),
        ("a: 1\na: 2", 2, "“a”重复出现"),
        ("a: &x 1\nb: *x", 2, "引用"),
        ("- 1", 1, "对照表"),
        ("", 1, "对照表"),
        ("? [1]\n: 2", 1, "简单文字"),
        ("a: \x07", 1, "不允许的字符"),
        ("x" * 64_001, 1, "超过 64000 个字符"),
        (HEAD + AREA + "effective_until: 2019-01-01", 1, "应晚于"),
        (HEAD + AREA + "season: {}", 13, "重复出现"),
        (HEAD.replace("11-15", "02-29") + AREA, 10, "2 月 29 日"),
        (HEAD.replace("11-15", "13-15") + AREA, 10, "月-日"),
        (HEAD.replace("2020-01-01", "someday") + AREA, 9, "应为日期"),
        (HEAD.replace("test-plan", "Test Plan") + AREA, 1, "小写字母"),
        (HEAD.replace("测试文号", "~") + AREA, 6, "应为文字"),
        (HEAD + "  - {kind: time_of_use, zones: {a: {price: 1}}}\n" * 2, 1, "至多一个"),
        (HEAD + "  - {kind: metered, price: 1, unit: GJ}\n  - {kind: metered, price: 1, unit: kWh}\n",
         1, "unit 应一致"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_refused_with_its_line(text, line, reason):
    first = refused(text)[0]
    assert first.line == line
    assert reason in first.reason


def test_every_problem_is_reported_at_once():
    problems = refused(HEAD + "  - {kind: area}\n  - {kind: rent}\n  - {kind: cap}\n")
    assert [problem.line for problem in problems] == [12, 13, 14]


def test_a_plan_carries_late_fee_season_and_validity():
    late = "late_fee: {per_mille_per_day: 1, confidence: D, citation: 合同, min_fen: 100}\n"
    parsed = document.parse(HEAD + AREA + late + "effective_until: 2030-01-01\n")
    assert parsed.late_fee.per_mille_per_day == Decimal(1)
    assert parsed.effective_until == date(2030, 1, 1)
    assert parsed.season_of(date(2026, 1, 1)).start == date(2025, 11, 15)
    assert parsed.season_of(date(2025, 12, 1)).start == date(2025, 11, 15)
    assert parsed.season_of(date(2026, 5, 1)).start == date(2026, 11, 15)
    assert not parsed.tiers_by_year
    no_season = HEAD.replace("season: {start: 11-15, until: 03-16}\n", "")
    assert document.parse(no_season + AREA).season_of(date(2026, 1, 1)) is None
    summer = HEAD.replace("11-15", "05-01").replace("03-16", "10-01")
    assert document.parse(summer + AREA).season_of(date(2026, 6, 1)).end == date(2026, 10, 1)
    daily = plan("kind: area, price: 2, per: DAY", head=no_season)
    assert daily.raters
    assert pickle.loads(pickle.dumps(daily)) == daily


@pytest.mark.parametrize("code", localities.codes())
def test_the_shipped_documents_read(code):
    assert all(one.plan.raters for one in localities.load(code).documents)


def test_a_line_explains_itself_in_both_languages():
    because = rate("kind: area, price: 38.32, clause: 第一条", area_milli=80_000).lines[0].because
    assert (because.clause, because.citation, because.rounding) == (
        "第一条",
        "测试文号",
        "HALF_UP_FEN",
    )
    assert because.inputs["面积（m²）"] == "80"
    assert because.arithmetic == "38.32 × 80"
    assert "四舍五入到分为 3,065.60 元" in because.sentence_zh()
    assert "rounded half up to the fen: 3,065.60 yuan" in because.sentence_en()

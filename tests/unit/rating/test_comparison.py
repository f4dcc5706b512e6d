"""Two versions side by side, in the words of a tariff officer."""

from pathlib import Path

from metercash.rating.comparison import Change, differences, text_diff


OLD = (Path(__file__).parent / "mistakes.yaml").read_text()


def said(*changes):
    new = OLD
    for before, after in changes:
        assert before in new
        new = new.replace(before, after)
    return [str(one) for one in differences(OLD, new)]


def test_equal_texts_do_not_differ():
    assert differences(OLD, OLD) == []
    assert differences(OLD, "# 注释\n" + OLD.replace("[2880, 4800]", "[ 2880,4800 ]")) == []
    assert text_diff(OLD, OLD) == []


def test_a_changed_field_is_named_with_its_unit():
    assert said(("price: 38.32", "price: 40.35")) == [
        "修改 面积热费·面积单价：38.32 → 40.35 元/平方米"
    ]
    assert said(("2025-10-20", "2026-10-20")) == ["修改 生效日：2025-10-20 → 2026-10-20 日期"]
    assert said(("until: 04-21", "until: 04-16")) == ["修改 供暖期·结束：04-21 → 04-16 月-日"]


def test_a_list_of_values_is_shown_whole():
    assert said(("[2880, 4800]", "[3000, 4800]")) == [
        '修改 阶梯·档界：["2880", "4800"] → ["3000", "4800"] 千瓦时'
    ]


def test_fields_come_and_go():
    assert said(("    usable: true\n", "")) == ["删除 面积热费·按使用面积：true"]
    assert said(("usable: true", "usable: true\n    factor: 0.5")) == [
        "新增 面积热费·面积系数：0.5 倍"
    ]


def test_components_come_and_go_without_touching_their_neighbors():
    gone = "  - kind: discount\n    percent: 5\n    evidence: EARLY\n"
    [removed] = differences(OLD, OLD.replace(gone, ""))
    assert (removed.change, removed.name, removed.new) == (Change.REMOVED, "优惠", None)
    [added] = differences(OLD.replace(gone, ""), OLD)
    assert (added.change, added.path, added.line) == (Change.ADDED, "components.2", 21)


def test_two_components_of_a_kind_are_told_apart_by_order():
    twice = OLD.replace(
        "late_fee:", "  - {kind: discount, percent: 3, evidence: ONLINE}\nlate_fee:"
    )
    changed = twice.replace("percent: 3", "percent: 4")
    [one] = differences(twice, changed)
    assert (one.path, one.old, one.new) == ("components.4.percent", "3", "4")


def test_the_text_is_compared_line_by_line():
    lines = text_diff(OLD, OLD.replace("38.32", "40.35"), old_name="第 1 版", new_name="第 2 版")
    assert lines[:2] == ["--- 第 1 版", "+++ 第 2 版"]
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        "-    price: 38.32",
        "+    price: 40.35",
    ]


def test_names_the_author_chose_are_kept():
    zones = "  - {kind: time_of_use, zones: {flat: {price: 0.5}, peak: {price: 1}}}\n"
    old = OLD.replace("  - kind: tiered", f"{zones}  - kind: tiered")
    [one] = differences(old, old.replace("price: 0.5", "price: 0.6"))
    assert str(one) == "修改 分时·时段·flat·时段电价：0.5 → 0.6 元/千瓦时"


def test_items_of_lists_are_counted():
    due = "instalments: {first_percent_min: 50, due: [10-20, 12-20]}\n"
    [one] = differences(OLD + due, OLD + due.replace("12-20", "12-25"))
    assert str(one) == '修改 分期规定·各期到期日：["10-20", "12-20"] → ["10-20", "12-25"] 月-日'
    term = "refund:\n  - {clause: 第一条}\n"
    [added] = differences(OLD, OLD + term)
    assert (added.name, added.change) == ("退费规定", Change.ADDED)
    second = "  - {clause: 第二条, effective_from: 2026-01-01}\n"
    [item] = differences(OLD + term, OLD + term + second)
    assert item.name == "退费规定·第 2 项"

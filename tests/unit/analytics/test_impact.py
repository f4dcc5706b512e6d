"""Who pays more: groups worked by hand."""

from hypothesis import given
from hypothesis import strategies as st

from metercash.contexts.analytics.contracts import Change
from metercash.contexts.analytics.core.impact import impact


def change(number, before, after, area=80_000, evidence=()):
    return Change(f"{number:04}", 1, "RESIDENT", area, frozenset(evidence), before, after)


def test_counts_who_pays_more_less_and_the_same():
    whole = impact([change(1, 100, 110), change(2, 100, 90), change(3, 100, 100)]).whole
    assert (whole.accounts, whole.more, whole.less, whole.same) == (3, 1, 1, 1)
    assert (whole.before_fen, whole.after_fen, whole.change_fen) == (300, 300, 0)
    assert whole.median_fen == 0


def test_the_first_tenth_is_the_smallest_bills():
    found = impact([change(n, 100 * n, 100 * n + n) for n in range(1, 21)])
    first, *_, last = found.deciles
    assert (first.name, first.accounts, first.before_fen) == ("1", 2, 300)
    assert (last.name, last.before_fen, last.change_fen) == ("10", 3_900, 39)


def test_bands_of_area_begin_at_their_bound():
    found = impact([change(1, 1, 1, 59_999), change(2, 1, 1, 60_000), change(3, 1, 1, 144_000)])
    assert [one.name for one in found.areas] == ["000–060", "060–090", "144–"]


def test_a_home_with_two_proofs_stands_in_both_groups_and_one_without_in_none():
    found = impact([change(1, 10, 12, evidence=("A", "B")), change(2, 10, 11)])
    assert [(one.name, one.accounts, one.change_fen) for one in found.subsidies] == [
        ("A", 1, 2),
        ("B", 1, 2),
    ]


def test_the_largest_changes_lead():
    found = impact([change(1, 10, 30), change(2, 10, 5), change(3, 10, 11), change(4, 10, 10)])
    assert [one.account_no for one in found.increases] == ["0001", "0003"]
    assert [one.account_no for one in found.decreases] == ["0002"]


def test_nobody_is_a_population_too():
    found = impact([])
    assert (found.whole.accounts, found.deciles, found.increases) == (0, (), ())


amounts = st.integers(0, 10**7)


@given(st.lists(st.tuples(amounts, amounts, st.integers(1, 300_000)), max_size=60))
def test_every_division_holds_each_account_once(drawn):
    found = impact([change(n, *one) for n, one in enumerate(drawn)])
    for parts in (found.deciles, found.areas, found.communities, found.categories):
        assert sum(one.accounts for one in parts) == len(drawn)
        assert sum(one.change_fen for one in parts) == found.whole.change_fen

"""Whatever billing facts can be exported come back unchanged through the workbook."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from metercash.contexts.customers.contracts import (
    EVIDENCE_LABELS,
    PART_LABELS,
    ContractTerms,
    Evidence,
    HouseholdSize,
    PartOfArea,
    SupplyGap,
    SuspensionSpan,
    TransformerEntry,
)
from metercash.contexts.customers.core import fact_rows, table, workbooks


NAMES = st.text(
    st.characters(categories=["L", "N"], include_characters="=+-@'"), min_size=1, max_size=20
).filter(lambda text: text.strip() == text and text.isprintable())
TEXTS = st.just("") | NAMES
MILLI = st.integers(1, 9_999_999_999)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
LENGTHS = st.integers(1, 9_000)


def dated(entry, **fields):
    """Entries of a kind with a first day and, perhaps, an end after it."""

    def spanned(first, length, **values):
        until = None if length is None else first + timedelta(days=length)
        return entry(valid_from=first, valid_until=until, **values)

    return st.builds(spanned, first=DAYS, length=st.none() | LENGTHS, **fields)


FACTS = st.one_of(
    dated(
        PartOfArea,
        part=st.sampled_from(sorted(PART_LABELS)),
        area_milli=MILLI,
        height_mm=st.integers(0, 60_000),
    ),
    dated(SupplyGap, kind=st.just("STOPPED"), note=TEXTS),
    st.builds(SupplyGap, st.just("NOT_CONNECTED"), st.none(), DAYS),
    dated(
        Evidence,
        code=st.sampled_from([*EVIDENCE_LABELS, "SINGLE_PARENT"]),
        reference=TEXTS,
        note=TEXTS,
    ),
    st.builds(HouseholdSize, st.integers(0, 99), DAYS),
    dated(
        ContractTerms,
        contract_demand_milli=MILLI,
        capacity_milli=st.none() | MILLI,
        power_factor_milli=st.none() | st.integers(1, 1000),
    ),
    dated(TransformerEntry, name=NAMES, capacity_milli=MILLI, interlock=TEXTS, model=TEXTS),
    st.builds(
        lambda name, first, length: SuspensionSpan(name, first, first + timedelta(days=length)),
        NAMES,
        DAYS,
        LENGTHS,
    ),
)


class TestExportFacts:
    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.tuples(NAMES, FACTS), min_size=1, max_size=5))
    def test_comes_back_through_excel(self, facts) -> None:
        content = workbooks.export_facts(facts)
        parsed = fact_rows.parse(table.read_table(content, "a.xlsx", fact_rows.HEADERS))
        assert parsed.errors == []
        assert [(row.account_no, row.fact) for row in parsed.read] == facts

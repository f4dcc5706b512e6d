"""Whatever can be exported comes back unchanged, through Excel and through CSV."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from metercash.contexts.customers.core import cells, rows, table, workbooks
from metercash.contexts.customers.core.record import CustomerRecord


NAMES = st.text(
    st.characters(categories=["L", "N", "P", "S"], include_characters=" 䶮𬭎=+-@'"),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() == text and text.isprintable())
MILLI = st.integers(0, 9_999_999_999)

RECORDS = st.builds(
    CustomerRecord,
    external_key=NAMES,
    account_no=NAMES,
    name=NAMES,
    party_kind=st.sampled_from(["PERSON", "ORGANIZATION"]),
    id_number=st.sampled_from(["", "11010519491231002X", "91230100MA1234567B"]),
    phone=st.sampled_from(["", "13800000001", "0451-82345678"]),
    community=NAMES,
    latitude_micro=st.none() | st.integers(-90_000_000, 90_000_000),
    longitude_micro=st.none() | st.integers(-180_000_000, 180_000_000),
    building=NAMES,
    unit=st.just("") | NAMES,
    floor=st.integers(-9, 200),
    room=NAMES,
    building_area_milli=MILLI,
    usable_area_milli=MILLI,
    inside_area_milli=MILLI,
    chargeable_area_milli=MILLI,
    height_mm=st.integers(0, 60_000),
    commodity=st.sampled_from(["HEAT", "POWER"]),
    plan_code=NAMES,
    category=st.sampled_from(["RESIDENT", "NON_RESIDENT", "LOW_INCOME"]),
    household_size=st.integers(0, 99),
    supply_status=st.sampled_from(["SUPPLIED", "STOPPED"]),
    valid_from=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)


def read_back(content: bytes, filename: str) -> list[CustomerRecord]:
    parsed = rows.parse_rows(table.read_table(content, filename))
    assert parsed.errors == []
    assert parsed.absent == ()
    return [CustomerRecord(*draft.values) for draft in parsed.drafts]


class TestExport:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(RECORDS, min_size=1, max_size=4))
    def test_comes_back_through_excel(self, records: list[CustomerRecord]) -> None:
        content = workbooks.export((record, "ACTIVE") for record in records)
        assert read_back(content, "a.xlsx") == records

    @settings(max_examples=60, deadline=None)
    @given(st.lists(RECORDS, min_size=1, max_size=4))
    def test_comes_back_through_csv(self, records: list[CustomerRecord]) -> None:
        content = workbooks.export_csv((record, "ACTIVE") for record in records)
        assert read_back(content, "a.csv") == records


class TestEscaped:
    @given(st.text(max_size=20))
    def test_is_undone_by_shown_and_is_no_formula(self, text: str) -> None:
        text = text.strip()
        assert cells.escaped(text)[:1] not in ("=", "+", "-", "@")
        assert cells.shown(cells.escaped(text)) == text

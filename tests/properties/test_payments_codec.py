"""Laws of payments that need no database."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.contexts.payments.core.capitals import DIGITS, in_capitals
from metercash.protocols.wechatpay import statement
from metercash.protocols.wechatpay.errors import StatementRefused


_PLACES = {"拾": 10, "佰": 100, "仟": 1000}
NUMBERS = st.text("0123456789ABCDEF", min_size=4, max_size=28).map(lambda text: "N" + text)
NAMES = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)
FEN = st.integers(1, 10**9)


def read_capitals(words: str) -> int:
    """Independent of the writer: each character is a digit, a place, or a group."""
    sign = -1 if words.startswith("负") else 1
    whole, yuan_mark, rest = words.removeprefix("负").partition("元")
    if not yuan_mark:
        whole, rest = "", words.removeprefix("负")
    total, digit, fen = _read_whole(whole) * 100, 0, 0
    for character in rest.replace("整", ""):
        if character in DIGITS:
            digit = DIGITS.index(character)
        else:
            fen += digit * {"角": 10, "分": 1}[character]
    return sign * (total + fen)


def _read_whole(text: str) -> int:
    for mark, worth in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(mark)
        if found:
            return _read_whole(head) * worth + _read_whole(tail)
    value, digit = 0, 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS.index(character)
        else:
            value, digit = value + digit * _PLACES[character], 0
    return value + digit


@st.composite
def lines(draw: st.DrawFn, number: int) -> statement.StatementLine:
    refund = draw(st.booleans())
    fen = draw(FEN)
    coupon = draw(st.integers(0, fen - 1)) if not refund else 0
    return statement.StatementLine(
        line_no=number,
        kind=statement.LineKind.REFUND if refund else statement.LineKind.PAYMENT,
        occurred_at=draw(
            st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
                lambda at: at.replace(microsecond=0, tzinfo=statement.CHINA)
            )
        ),
        app_id="wx",
        merchant_id="1900000001",
        transaction_id=draw(NUMBERS),
        order_no=draw(NUMBERS),
        trade_type="NATIVE",
        trade_state="REFUND" if refund else "SUCCESS",
        amount_fen=fen,
        settled_fen=fen - coupon,
        fee_micro=draw(st.integers(-(10**7), 10**7)) * 10,
        coupon_fen=coupon,
        refund_id=draw(NUMBERS) if refund else "",
        refund_no=draw(NUMBERS) if refund else "",
        refund_status="SUCCESS" if refund else "",
        description=draw(NAMES),
    )


@st.composite
def files(draw: st.DrawFn) -> list[statement.StatementLine]:
    count = draw(st.integers(0, 6))
    return [draw(lines(number)) for number in range(2, count + 2)]


@given(st.integers(-(10**17), 10**17))
def test_capitals_read_back_as_the_amount(fen: int) -> None:
    words = in_capitals(fen)
    assert read_capitals(words) == fen
    assert "零零" not in words


@given(files(), st.booleans(), st.booleans())
def test_a_statement_reads_back(rows: list[statement.StatementLine], bom: bool, crlf: bool) -> None:
    raw = statement.write(rows, bom=bom, crlf=crlf)
    assert statement.parse(raw).lines == tuple(rows)


@given(files().filter(bool), st.data())
def test_a_changed_amount_does_not_foot(
    rows: list[statement.StatementLine], data: st.DataObject
) -> None:
    text = statement.write(rows, bom=False, crlf=False).decode().split("\n")
    row = data.draw(st.integers(1, len(rows)))
    cells = text[row].split(",`")
    cell = 16 if rows[row - 1].kind is statement.LineKind.REFUND else 12
    digit = cells[cell][-1]
    cells[cell] = cells[cell][:-1] + str((int(digit) + data.draw(st.integers(1, 9))) % 10)
    text[row] = ",`".join(cells)
    with pytest.raises(StatementRefused):
        statement.parse("\n".join(text).encode())


@given(files().filter(bool), st.data())
def test_a_truncated_statement_is_refused(
    rows: list[statement.StatementLine], data: st.DataObject
) -> None:
    raw = statement.write(rows)
    with pytest.raises(StatementRefused):
        statement.parse(raw[: data.draw(st.integers(0, len(raw) - 8))])

"""What happens around a bill: refunds, late fees, instalments, prepayment, shares of an amount."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from metercash.contexts.analytics import core as analytics
from metercash.kernel.interval import Interval
from metercash.kernel.money import Money
from metercash.kernel.quantity import plain
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.plan import Plan
from metercash.rating.terms import instalments as instalment_terms
from metercash.rating.terms import late_fee as late_fee_terms
from metercash.rating.terms import prepay as prepay_terms
from metercash.rating.terms import refund as refund_terms
from metercash.rating.terms.prepay import State
from tests.rate_cases.case import Case, Outcome, exact, fen, milli, of_lines
from tests.rate_cases.plans import MONTH, plan, rated


DAY = timedelta(days=1)
FIRST = date(2025, 1, 1)
AGREED = "18"
BOUNDS = {"lt": "below", "ge": "at_least", "le": "at_most", "gt": "above"}
STATES = {"normal": State.OK, "cut": State.CUT_DUE}
AREA = {"kind": "area", "price": "1"}
FLAT = {"kind": "metered", "price": "1", "unit": "kWh"}


def split(case: Case) -> Outcome:
    """Shares of an amount by largest remainder."""
    shares = [Fraction(share) for share in case.tariff.get("shares") or case.input["shares"]]
    whole = math.lcm(*(share.denominator for share in shares))
    parts = Money(fen(case.input["total"])).allocate([int(share * whole) for share in shares])
    lines = tuple((f"share.{number}", part.fen) for number, part in enumerate(parts, start=1))
    return Outcome(lines, sum(part for _, part in lines))


def rounding(case: Case) -> Outcome:
    """Price × quantity as a metered line; other arithmetic as a line of its own.

    The cases of this mode state their numbers in the formula only.
    """
    lines: list[Line] = []
    names: dict[str, str] = {}
    for number, line in enumerate(case.expected["lines"]):
        code = f"line.{number}"
        names[code] = line["code"]
        product = re.fullmatch(r"([\d.]+)\*([\d.]+)", line["formula"])
        if product:
            quantity, price = sorted(product.groups(), key=lambda text: len(text.partition(".")[2]))
            made = plan("POWER", {**FLAT, "price": price, "code": code})
            lines += rated(made, MONTH, usage={"total": milli(quantity)})
        else:
            value = _decimal(line["formula"])
            kind = LineKind(code, "算例", "Case", "元", value, Basis("", "", ("金额",), "{0}"))
            lines.append(kind.line(Decimal(1), value, (value,)))
    return of_lines(lines, names)


def _decimal(formula: object) -> Decimal:
    value = exact(str(formula))
    return Decimal(value.numerator) / Decimal(value.denominator)


def _text(value: Fraction) -> str:
    return plain(Decimal(value.numerator) / Decimal(value.denominator))


def _band(band: Mapping[str, Any]) -> dict[str, str]:
    sides = {BOUNDS[key[-2:]]: str(value) for key, value in band.items() if key != "ratio"}
    return {**sides, "percent": _text(Fraction(band["ratio"]) * 100)}


def _temperature(case: Case, **more: object) -> Plan:
    """The price document of a case whose refund goes by temperature."""
    tariff = case.tariff
    rule: dict[str, object] = {"bands": [_band(band) for band in tariff["bands"]], **more}
    if any(key.startswith("below_") for band in tariff["bands"] for key in band):
        agreed = str(tariff.get("agreed_temp_c") or AGREED)
        rule.update(measure="BELOW_TARGET", target_celsius=agreed)
    return plan("HEAT", AREA, refund=[{"temperature": rule}])


def _example(made: Plan, percent: Decimal) -> Decimal:
    """A temperature of the band that gives so much; the coldest of the band where it has one."""
    rule = made.refund[0].temperature
    assert rule is not None
    for tenths in range(-200, 400):
        celsius = Decimal(tenths).scaleb(-1)
        if rule.percent(celsius) == percent:
            return celsius
    msg = f"no band gives {percent}%"
    raise ValueError(msg)


def _returned(formula: str) -> tuple[str, str]:
    """The fee, and the part of it never paid back, of a formula that ends in a share."""
    fee, _, share = formula.rpartition("*")
    if fee and Fraction(share) < 1:
        return fee, _text((1 - Fraction(share)) * 100)
    return formula, "0"


def _room(case: Case) -> tuple[str, str] | None:
    """Area of the cold room and of the home; a case may state them in its formula only."""
    if "room_area_m2" in case.input:
        room = case.input["room_area_m2"]
        return room, case.input.get("billed_area_m2", room)
    for line in case.expected["lines"]:
        found = re.search(r"\*\(([\d.]+)/([\d.]+)\)$", line["formula"])
        if found:
            return found[1], found[2]
    return None


def _refunded(made: Plan, **facts: Any) -> tuple[Line, ...]:
    said = refund_terms.RefundFacts(**facts)
    return refund_terms.refund(versions=made.refund, facts=said, citation=made.citation)


def _days(count: int, celsius: Decimal, first: date, room: int | None) -> list[Any]:
    return [
        refund_terms.DayTemperature(first + n * DAY, celsius, room_area_milli=room)
        for n in range(count)
    ]


def temp_refund(case: Case) -> Outcome:
    """Days by band; without days, only which share each temperature gives."""
    given = case.input
    if "temps" in given:
        rule = _temperature(case).refund[0].temperature
        assert rule is not None
        ratios = [plain(rule.percent(Decimal(celsius)) / 100) for celsius in given["temps"]]
        return Outcome(more={"ratios": ratios})
    fee, base = _returned(str(given.get("season_fee_formula") or given["season_fee"]))
    base = str(given.get("base_pct") or case.tariff.get("base_pct") or base)
    room = _room(case)
    made = _temperature(case, base_percent=base, scope="ROOM" if room else "HOME")
    days: list[Any] = []
    labels: dict[Decimal, str] = {}
    for group in given["groups"]:
        percent = Decimal(_text(Fraction(group["ratio"]) * 100))
        labels[percent / 100] = f"refund.{group['label']}"
        first = FIRST + len(days) * DAY
        celsius = Decimal(group["temp_c"]) if "temp_c" in group else _example(made, percent)
        days += _days(int(group["days"]), celsius, first, milli(room[0]) if room else None)
    lines = _refunded(
        made,
        fee_yuan=_decimal(fee),
        season_days=int(given["season_days"]),
        area_milli=milli(room[1]) if room else None,
        days=tuple(days),
    )
    told = tuple((labels[line.kind.price], line.amount.fen) for line in lines)
    return Outcome(told, sum(amount for _, amount in told))


def temp_refund_room(case: Case) -> Outcome:
    """The cold room's area only."""
    given = case.input
    room = _room(case)
    assert room is not None
    made = _temperature(case, scope="ROOM")
    price = case.tariff.get("price_yuan_per_m2_season")
    fee = f"{price}*{room[1]}" if price else given["season_fee"]
    days = _days(int(given["days"]), Decimal(given["temp_c"]), FIRST, milli(room[0]))
    lines = _refunded(
        made,
        fee_yuan=_decimal(fee),
        season_days=int(given["season_days"]),
        area_milli=milli(room[1]),
        days=tuple(days),
    )
    return of_lines(lines)


def temp_refund_month(case: Case) -> Outcome:
    """The mean of a month's readings decides on the month's fee."""
    given = case.input
    made = _temperature(case, by="MONTH_MEAN", readings=len(given["readings"]))
    month = Interval(FIRST, FIRST + int(given["month_days"]) * DAY)
    celsius = tuple(map(Decimal, given["readings"]))
    lines = _refunded(
        made,
        fee_yuan=_decimal(given.get("season_fee_formula") or given["season_fee"]),
        season_days=int(given["season_days"]),
        months=(refund_terms.MonthTemperatures(month, celsius),),
    )
    return of_lines(lines)


def outage_refund(case: Case) -> Outcome:
    """Days without heat, times over; shorter outages give nothing."""
    tariff, given = case.tariff, case.input
    unheated = tariff["mode"] == "unheated_days"
    rule = {
        "min_hours": tariff.get("min_hours", 0),
        "multiplier": str(tariff.get("multiplier", 1)),
        "code": "refund.unheated" if unheated else "refund.outage",
    }
    made = plan("HEAT", AREA, refund=[{"outage": rule}])
    hours = int(given.get("hours", given.get("outage_hours", 24 * int(given.get("days", 0)))))
    days = int(given.get("days", -(-hours // 24)))
    lines = _refunded(
        made,
        fee_yuan=_decimal(given.get("season_fee_formula") or given["season_fee"]),
        season_days=int(given["season_days"]),
        outages=(refund_terms.Outage(FIRST, hours, days),),
    )
    return of_lines(lines)


def _late(made: Plan, **facts: Any) -> tuple[Line, ...]:
    policy = made.late_fee
    assert policy is not None
    said = late_fee_terms.LateFeeFacts(**facts)
    return late_fee_terms.lines(terms=policy, facts=said, citation=policy.citation)


def _late_plan(commodity: str = "HEAT", **section: object) -> Plan:
    written = {name: value for name, value in section.items() if value is not None}
    component = AREA if commodity == "HEAT" else FLAT
    return plan(commodity, component, late_fee={"confidence": "A", "citation": "算例", **written})


def _scaled(ratio: object, times: int) -> str | None:
    return None if ratio is None else _text(Fraction(str(ratio)) * times)


def late_fee(case: Case) -> Outcome:
    """A share of what is unpaid, day by day."""
    tariff, given = case.tariff, case.input
    full = tariff.get("base") == "full_season_fee"
    made = _late_plan(
        per_mille_per_day=_scaled(tariff["rate_per_day"], 1000),
        max_percent_of_principal=_scaled(tariff.get("cap_ratio_of_principal"), 100),
        min_fen=tariff.get("min_fen"),
        grace_days=tariff.get("grace_days"),
        base="FULL_PRINCIPAL" if full else None,
    )
    due = date.fromisoformat(given.get("due_date", FIRST.isoformat()))
    principal = fen(given["season_fee"] if full else given["principal"])
    changes = [
        late_fee_terms.Change(date.fromisoformat(one["date"]), fen(one["amount"]))
        for one in given.get("payments", ())
    ]
    if "unpaid" in given:
        changes.append(late_fee_terms.Change(due, principal - fen(given["unpaid"])))
    until = given.get("paid_date") or given.get("as_of")
    if until:
        as_of = date.fromisoformat(until)
    elif "days" in given:
        as_of = due + int(given["days"]) * DAY
    else:
        as_of = max(change.on for change in changes)
    lines = _late(made, principal_fen=principal, due_date=due, as_of=as_of, changes=tuple(changes))
    if "payments" not in given:
        return of_lines(lines)
    names = {line.code: f"late_fee.seg{n}" for n, line in enumerate(lines, start=1)}
    return of_lines(lines, names)


def late_fee_flat(case: Case) -> Outcome:
    """Once, a percentage of what is unpaid."""
    made = _late_plan(flat_percent=str(case.tariff["pct"]))
    facts = {"principal_fen": fen(case.input["principal"]), "due_date": FIRST}
    return of_lines(_late(made, **facts, as_of=FIRST + DAY))


def late_fee_then_cutoff(case: Case) -> Outcome:
    """Days until the supply is cut off; then the heat lost, by days."""
    tariff, given = case.tariff, case.input
    made = _late_plan(
        per_mille_per_day=_scaled(tariff["rate_per_day"], 1000),
        max_percent_of_principal=_scaled(tariff.get("cap_ratio_of_principal"), 100),
        stops_at_cut_off="true",
        heat_loss_percent=str(tariff["heat_loss_pct"]),
    )
    cut = FIRST + (int(given["overdue_days_before_cutoff"]) + 1) * DAY
    stopped = Interval(cut, cut + int(given["stopped_days"]) * DAY)
    lines = _late(
        made,
        principal_fen=fen(given["principal"]),
        due_date=FIRST,
        as_of=stopped.end,
        cut_off=late_fee_terms.CutOff(stopped, int(given["season_days"])),
    )
    return of_lines(lines)


def late_fee_electric(case: Case) -> Outcome:
    """Another share from the year after; several bills paid on one day."""
    tariff, given = case.tariff, case.input
    made = _late_plan(
        "POWER",
        per_mille_per_day=_scaled(
            tariff.get("same_year", tariff.get("rate_per_day", "0.002")), 1000
        ),
        cross_year_per_mille=_scaled(tariff.get("cross_year", "0.003"), 1000),
        cross_year="ALL_DAYS" if tariff.get("cross_mode") == "all3" else None,
        min_fen=tariff.get("min_fen"),
        max_percent_of_principal=_scaled(tariff.get("cap_ratio_of_principal"), 100),
    )
    told: list[tuple[str, int]] = []
    bills = given.get("bills", [given])
    for bill in bills:
        due = date.fromisoformat(bill["due_date"])
        paid = date.fromisoformat(bill.get("paid_date") or given["paid_date"])
        lines = _late(made, principal_fen=fen(bill["principal"]), due_date=due, as_of=paid)
        code = f"late.{due:%b}".lower() if "bills" in given else "late_fee"
        for line, year in zip(lines, range(due.year, due.year + len(lines)), strict=True):
            told.append((f"{code}.{year}" if len(lines) > 1 else code, line.amount.fen))
    return Outcome(_named(case, told), sum(amount for _, amount in told))


def _named(case: Case, told: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """The lines as the case calls them, in its order, where it has as many."""
    names = [line["code"] for line in case.expected["lines"]]
    if len(names) != len(told):
        return tuple(told)
    return tuple((name, amount) for name, (_, amount) in zip(names, told, strict=True))


def instalments(case: Case) -> Outcome:
    """The first part no less than its share, the rest evenly."""
    given = case.input
    count = int(case.tariff.get("parts") or given.get("parts") or 2)
    due = ["10-20", "12-31", *(f"{month:02}-28" for month in range(1, count - 1))][:count]
    section = {"first_percent_min": str(case.tariff["first_min_pct"]), "due": due}
    made = plan("HEAT", AREA, instalments=section)
    assert made.instalments is not None
    first = given.get("first")
    parts = instalment_terms.schedule(
        terms=made.instalments,
        fee=Money(fen(given["fee"])),
        first_year=FIRST.year,
        first=None if first is None else Money(fen(first)),
    )
    lines = tuple((f"instalment.{part.number}", part.amount.fen) for part in parts)
    return Outcome(lines, sum(amount for _, amount in lines))


def prepay(case: Case) -> Outcome:
    """What is left when the estimate is taken off, and what it asks for."""
    tariff, given = case.tariff, case.input
    limits = {name: tariff[name] for name in ("warn_below_fen", "cut_below_fen")}
    section = {**limits, "grace_days": tariff.get("grace_days", 7)}
    made = plan("POWER", FLAT, prepay=section)
    assert made.prepay is not None
    below = int(given.get("days_below", 0))
    facts = prepay_terms.PrepayFacts(
        as_of=FIRST,
        deposit_fen=fen(given["deposit"]),
        unpaid_fen=fen(given.get("billed_unpaid", 0)),
        estimate_yuan=_decimal(given.get("estimated_unbilled", 0)),
        below_since=FIRST - below * DAY,
    )
    found = prepay_terms.status(terms=made.prepay, facts=facts)
    wanted = str(case.expected.get("state"))
    state = wanted if STATES.get(wanted) is found.state else found.state.lower()
    return Outcome(more={"balance_fen": found.balance.fen, "state": state})


PAIRS = (
    ("error", "read"),
    ("wrong", "issued"),
    ("received", "expected"),
    ("received", "receivable"),
    ("collected", "billed"),
    ("paid", "due"),
    ("qualified", "all"),
)


def kpi(case: Case) -> Outcome:
    """A share of two numbers, compared with its threshold before any rounding."""
    rates: dict[str, analytics.Rate] = {}
    for part, whole in PAIRS:
        for key, value in case.input.items():
            other = key.replace(part, whole)
            if part in key and other in case.input:
                rate = analytics.Rate(fen(value), fen(case.input[other]))
                rates[_rate_name(case, key.replace(part, ""))] = rate
    cumulative = _rate_name(case, "cumulative_total")
    if len(rates) == len(("current", "prior")) and cumulative not in rates:
        rates[cumulative] = analytics.Recovery(*rates.values()).cumulative
    more: dict[str, object] = {}
    for name, rate in rates.items():
        decimals = len(str(case.expected.get(name, "")).partition(".")[2])
        more[name] = plain(rate.percent(decimals))
        if "threshold_pct" in case.tariff:
            more["pass"] = rate.reaches(Decimal(str(case.tariff["threshold_pct"])))
    return Outcome(more=more)


def _rate_name(case: Case, rest: str) -> str:
    """What the case calls the rate of the pair whose names share ``rest``."""
    names = [name for name in case.expected if name not in {"lines", "total_fen", "pass"}]
    words = set(re.findall(r"[a-z]+", rest))
    found = [name for name in names if words & set(name.split("_"))]
    return (found or names or ["rate_pct"])[0]


MODES: dict[str, Callable[[Case], Outcome]] = {
    "instalments": instalments,
    "kpi": kpi,
    "late_fee": late_fee,
    "late_fee_electric": late_fee_electric,
    "late_fee_flat": late_fee_flat,
    "late_fee_then_cutoff": late_fee_then_cutoff,
    "outage_refund": outage_refund,
    "prepay": prepay,
    "rounding": rounding,
    "split": split,
    "temp_refund": temp_refund,
    "temp_refund_month": temp_refund_month,
    "temp_refund_room": temp_refund_room,
    "unheated_days": outage_refund,
}

"""A file of billing facts is written row by row, or tried and undone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from metercash.contexts.customers.contracts import (
    AccountFact,
    ContractTerms,
    FactKind,
    FactOverlap,
    HouseholdSize,
    ImportReport,
    RowError,
)
from metercash.contexts.customers.core.fact_rows import FactRow, FactRows
from metercash.contexts.customers.models import Account
from metercash.contexts.customers.operations import facts
from metercash.contexts.customers.queries import account_facts
from metercash.kernel.errors import InvalidInput
from metercash.platform import db


class _Undone(Exception):
    """Leaves the savepoint and takes what was tried back."""


@db.transaction_required
def take(parsed: FactRows, *, as_of: date, dry_run: bool, skip_invalid: bool) -> ImportReport:
    """Record every entry that is not kept yet, end those that the file ends; rows in their order."""
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    errors = list(parsed.errors)
    written = False
    with suppress(_Undone), db.savepoint():
        known = _accounts(parsed.read)
        for row in parsed.read:
            fault = _write(row, known, as_of, counts)
            if fault is not None:
                errors.append(fault)
        if dry_run or (errors and not skip_invalid):
            raise _Undone
        written = True
    changes = counts["created"] + counts["updated"]
    return ImportReport(
        rows=parsed.rows,
        **counts,
        errors=sorted(errors, key=lambda error: error.row),
        written=written,
        skipped=0 if written or dry_run else changes,
    )


def _accounts(rows: Sequence[FactRow]) -> dict[str, int]:
    numbers = {row.account_no for row in rows}
    return dict(Account.objects.filter(account_no__in=numbers).values_list("account_no", "id"))


def _write(
    row: FactRow, known: dict[str, int], as_of: date, counts: dict[str, int]
) -> RowError | None:
    account_id = known.get(row.account_no)
    if account_id is None:
        return RowError(row.row, "户号", row.account_no, "没有这个户号", "请核对户号")
    owner, kind = account_facts.owner_of(account_id), facts.KIND_OF[type(row.fact)]
    kept = account_facts.like(owner, kind, row.fact)
    if kept is not None and _says_the_same(kept, row.fact):
        counts["unchanged"] += 1
        return None
    try:
        with db.savepoint():
            _change(account_id, kind, row.fact, kept, as_of, counts)
    except FactOverlap:
        reason, advice = "这段时间里已有同类记录", "请核对日期，或先终止原记录"
        return RowError(row.row, "第一天", str(row.fact.valid_from or ""), reason, advice)
    except InvalidInput as fault:
        reason = f"{fault.data['field']}：{fault.data['reason']}"
        return RowError(row.row, "项目", "", reason, "请核对这一行")
    return None


def _change(
    account_id: int,
    kind: FactKind,
    fact: AccountFact,
    kept: AccountFact | None,
    as_of: date,
    counts: dict[str, int],
) -> None:
    until = getattr(fact, "valid_until", None)
    if kept is not None and until is not None and _bare(_ended(kept, until)) == _bare(fact):
        facts.end(account_id, kind, kept.fact_id, until, as_of)
        counts["updated"] += 1
        return
    facts.record(account_id, fact, as_of)
    counts["created"] += 1


def _says_the_same(kept: AccountFact, fact: AccountFact) -> bool:
    """Also where another contract of the file has taken the place of one without an end."""
    if isinstance(kept, ContractTerms) and isinstance(fact, ContractTerms):
        until = fact.valid_until or kept.valid_until
        return _bare(kept) == _bare(replace(fact, valid_until=until))
    return _bare(kept) == _bare(fact)


def _ended(kept: AccountFact, until: date) -> AccountFact:
    assert not isinstance(kept, HouseholdSize)
    return replace(kept, valid_until=until)


def _bare(fact: AccountFact) -> AccountFact:
    """The entry without what the house adds to it."""
    beside = {"recorded_by": "", "suspensions": ()}
    added = {name: empty for name, empty in beside.items() if hasattr(fact, name)}
    return replace(fact, fact_id=0, **added)  # type: ignore[arg-type]

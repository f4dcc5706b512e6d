"""The prepaid balance of customer accounts; its row is the lock of the account's money."""

from collections.abc import Iterable, Mapping

from django.db import connection

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import BalanceInsufficient
from metercash.platform import db, tenancy


@db.transaction_required
def lock(account_ids: Iterable[int]) -> dict[int, int]:
    """Lock accounts in ascending order until the transaction ends; returns their prepaid fen.

    Everyone who moves a customer's money locks the account first and open items after it, so waiting
    never becomes a circle.
    """
    wanted = sorted(set(account_ids))
    locked = _locked(wanted)
    missing = [account_id for account_id in wanted if account_id not in locked]
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into ledger_balance (tenant_id, account_id) "
                "select %s, a from unnest(%s::bigint[]) a order by a "
                "on conflict (tenant_id, account_id) do nothing",
                [tenancy.current_id(), missing],
            )
        locked = _locked(wanted)
    return locked


def _locked(account_ids: list[int]) -> dict[int, int]:
    rows = models.Balance.objects.filter(account_id__in=account_ids).order_by("account_id")
    return dict(rows.select_for_update().values_list("account_id", "prepaid_fen"))


@db.transaction_required
def change(changes: Mapping[int, int], *, locked: Mapping[int, int]) -> None:
    """Move locked balances.

    Raises:
        BalanceInsufficient: if one would fall below zero; nothing is changed then.
    """
    for account_id, fen in changes.items():
        if locked[account_id] + fen < 0:
            raise BalanceInsufficient(available_fen=locked[account_id], needed_fen=-fen)
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_balance b set prepaid_fen = b.prepaid_fen + c.fen "
            "from unnest(%s::bigint[], %s::bigint[]) as c (account_id, fen) "
            "where b.tenant_id = %s and b.account_id = c.account_id",
            [list(changes), list(changes.values()), tenancy.current_id()],
        )

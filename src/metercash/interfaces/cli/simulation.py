"""``tariff simulate``: who would pay more, who less, by a price that does not hold yet."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import xlsxwriter

from metercash.interfaces.cli import start
from metercash.interfaces.cli.bill import DayOption
from metercash.interfaces.cli.output import emit, progress
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json
from metercash.interfaces.web import amounts
from metercash.kernel.interval import Interval
from metercash.kernel.money import Money


if TYPE_CHECKING:
    from metercash.contexts.analytics.contracts import Group, Simulation

DIVISIONS = {
    "deciles": "按原账单金额十等分", "areas": "按面积（m²）", "communities": "按小区",
    "categories": "按用户类别", "subsidies": "按证明",
}  # fmt: skip
HEADER = (
    "分组",
    "户数",
    "多付",
    "少付",
    "不变",
    "原金额（元）",
    "新金额（元）",
    "增减（元）",
    "中位增减（元）",
)


def simulate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The price document")],
    plan: Annotated[str, typer.Option(help="Code of the plan whose bills are rated again")],
    since: DayOption,
    until: DayOption,
    community: Annotated[str, typer.Option(help="Name of one community")] = "",
    category: Annotated[str, typer.Option(help="RESIDENT, NON_RESIDENT or LOW_INCOME")] = "",
    excel: Annotated[Path | None, typer.Option(help="Write a workbook with every group")] = None,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Rate the posted bills of a past period by a price document, and show who pays more or less."""
    with start.working_for(tenant):
        from metercash.contexts.analytics import api
        from metercash.contexts.billing.contracts import Population

        names = _communities()
        population = Population(
            plan_code=plan,
            period=Interval(since.date(), until.date()),
            community_id=_community_id(names, community),
            category=category,
        )
        with progress("模拟", as_json=json) as advance:
            found = api.simulate(
                text=file.read_text(encoding="utf-8"),
                population=population,
                on_progress=lambda done: advance(done, done),
            )
    if excel is not None:
        _write(found, names, excel)
    if json:
        emit(found, as_json=True)
        return
    whole = found.impact.whole
    emit(
        {
            "户数": whole.accounts, "多付": whole.more, "少付": whole.less, "不变": whole.same,
            "原金额（元）": amounts.yuan(whole.before_fen),
            "新金额（元）": amounts.yuan(whole.after_fen),
            "增减（元）": amounts.yuan(whole.change_fen),
            "新价不能计": len(found.refused), "原账单未能复现": len(found.not_reproduced),
        },
        as_json=False,
        title="价格模拟",
    )  # fmt: skip
    for division, title in DIVISIONS.items():
        rows = [_row(group, names) for group in getattr(found.impact, division)]
        emit([dict(zip(HEADER, row, strict=True)) for row in rows], as_json=False, title=title)


def _communities() -> dict[str, str]:
    from metercash.contexts.customers import api as customers

    return {str(one.id): one.name for one in customers.list_communities()}


def _community_id(names: dict[str, str], wanted: str) -> int | None:
    if not wanted:
        return None
    for number, name in names.items():
        if name == wanted:
            return int(number)
    raise typer.BadParameter(f"没有小区“{wanted}”")


def _row(
    group: "Group", names: dict[str, str], money: Callable[[int], object] = amounts.yuan
) -> tuple[object, ...]:
    counts = (group.accounts, group.more, group.less, group.same)
    fen = (group.before_fen, group.after_fen, group.change_fen, group.median_fen)
    return (names.get(group.name, group.name), *counts, *map(money, fen))


def _number(fen: int) -> Decimal:
    """Yuan as a spreadsheet counts with."""
    return Money(fen).yuan


def _write(found: "Simulation", names: dict[str, str], file: Path) -> None:
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("分组")
        sheet.write_row(0, 0, ("划分", *HEADER), bold)
        parts = [("全部", found.impact.whole)]
        for division, title in DIVISIONS.items():
            parts += [(title, group) for group in getattr(found.impact, division)]
        for line, (title, group) in enumerate(parts, 1):
            sheet.write_row(line, 0, (title, *_row(group, names, _number)))
        largest = book.add_worksheet("增减最多")
        largest.write_row(
            0, 0, ("户号", "面积（m²）", "原金额（元）", "新金额（元）", "增减（元）"), bold
        )
        for line, one in enumerate((*found.impact.increases, *found.impact.decreases), 1):
            money = map(_number, (one.before_fen, one.after_fen, one.change_fen))
            area = Decimal(one.area_milli).scaleb(-3)
            largest.write_row(line, 0, (one.account_no, area, *money))
        left = book.add_worksheet("未计入")
        left.write_row(0, 0, ("户号", "原因"), bold)
        told = [(one.account_no, one.reason) for one in found.refused]
        told += [(number, "原账单未能由其价格文件复现") for number in found.not_reproduced]
        for line, row in enumerate(told, 1):
            left.write_row(line, 0, row)

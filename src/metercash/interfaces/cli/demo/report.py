"""What the demo prints at its end: the funnel, the rates, where to look, how to sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from metercash.contexts.analytics.contracts import FunnelStage
from metercash.interfaces.cli.output import console


@dataclass(frozen=True, slots=True)
class CompanyReport:
    """The demo's result for one company.

    Attributes:
        stages: Hand-overs on the way of a reading; each must agree.
        rate_before_permille, rate_after_permille: Paid of billed before and after the reminders.
    """

    code: str
    name: str
    funnel: Mapping[str, int]
    stages: tuple[FunnelStage, ...]
    rate_before_permille: int
    rate_after_permille: int
    facts: Mapping[str, str] = field(default_factory=dict)


def show(result: Mapping[str, Any], staff: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Print the result, as kept in ``demo.json``, for a person."""
    for company in result["companies"]:
        console.print(_funnel(company))
        before, after = company["rate_before_permille"] / 10, company["rate_after_permille"] / 10
        console.print(f"收费率：催缴前 {before:.1f} %，催缴后 {after:.1f} %", highlight=False)
        for label, value in company["facts"].items():
            console.print(f"  {label}：{value}", highlight=False)
    people = Table(title="登录（随机密码，只在本机保存）")
    for column in ("单位", "用户名", "姓名", "岗位", "密码"):
        people.add_column(column)
    for code, users in staff.items():
        for username, user in users.items():
            roles = "、".join(user["roles"])
            people.add_row(code, username, str(user["name"]), roles, str(user["password"]))
    console.print(people)
    for label, address in result["addresses"].items():
        console.print(f"{label}：{address}", highlight=False)
    console.print(f"用时 {result['seconds']} 秒", highlight=False)


def _funnel(company: Mapping[str, Any]) -> Table:
    table = Table(title=f"{company['name']}：从抄表到入账")
    for column in ("环节", "接收", "交出", "留下待处理", "相符"):
        table.add_column(column, justify="right")
    for stage in company["stages"]:
        arrived, passed, held = stage["arrived"], stage["passed"], stage["held"]
        agrees = arrived is None or arrived == passed + held
        cells = ("" if arrived is None else f"{arrived:,}", f"{passed:,}", f"{held:,}")
        table.add_row(stage["label"], *cells, "✓" if agrees else "✗")
    return table

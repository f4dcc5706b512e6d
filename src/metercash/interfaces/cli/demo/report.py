"""What the demo prints at its end: the funnel, the rates, where to look, how to sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from metercash.interfaces.cli.output import console
from metercash.kernel.money import Money


STAGES = ("read", "accepted", "rated", "billed", "posted", "paid", "banked")
STAGE_NAMES = {
    "read": "抄到",
    "accepted": "验收",
    "rated": "计价",
    "billed": "出账",
    "posted": "入账",
    "paid": "收款",
    "banked": "到账",
}


@dataclass(frozen=True, slots=True)
class HandOver:
    """What one stage says it handed over and the next says it took; equal or an alarm."""

    stage: str
    given: int
    taken: int
    unit: str

    @property
    def equal(self) -> bool:
        """Whether nothing was lost or invented between the stages."""
        return self.given == self.taken


@dataclass(frozen=True, slots=True)
class CompanyReport:
    """The demo's result for one company."""

    code: str
    name: str
    funnel: Mapping[str, int]
    hand_overs: tuple[HandOver, ...]
    rate_before_permille: int
    rate_after_permille: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Everything ``--json`` prints."""

    funnel: Mapping[str, int]
    companies: tuple[CompanyReport, ...]
    addresses: Mapping[str, str]
    seconds: int

    @property
    def sound(self) -> bool:
        """Whether every hand-over is equal."""
        return all(item.equal for company in self.companies for item in company.hand_overs)


def show(report: DemoReport, staff: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Print the report for a person."""
    for company in report.companies:
        console.print(_funnel(company))
        before, after = company.rate_before_permille / 10, company.rate_after_permille / 10
        console.print(f"收费率：催缴前 {before:.1f} %，催缴后 {after:.1f} %")
        for label, value in company.facts.items():
            console.print(f"  {label}：{value}", highlight=False)
    people = Table(title="登录（随机密码，只在本机保存）")
    for column in ("单位", "用户名", "姓名", "岗位", "密码"):
        people.add_column(column)
    for code, users in staff.items():
        for username, user in users.items():
            roles = "、".join(user["roles"])
            people.add_row(code, username, str(user["name"]), roles, str(user["password"]))
    console.print(people)
    for label, address in report.addresses.items():
        console.print(f"{label}：{address}", highlight=False)
    console.print(f"用时 {report.seconds} 秒")


def yuan(fen: int) -> str:
    """Fen as yuan for people."""
    return f"{Money(fen)} 元"


def _funnel(company: CompanyReport) -> Table:
    table = Table(title=f"{company.name}：从抄表到入账")
    for column in ("环节", "数量", "交出", "接收", "相等"):
        table.add_column(column, justify="right")
    by_stage = {item.stage: item for item in company.hand_overs}
    for stage in STAGES:
        item = by_stage.get(stage)
        cells = (
            ("", "", "")
            if item is None
            else (
                f"{item.given:,} {item.unit}",
                f"{item.taken:,} {item.unit}",
                "✓" if item.equal else "✗",
            )
        )
        table.add_row(STAGE_NAMES[stage], f"{company.funnel.get(stage, 0):,}", *cells)
    return table

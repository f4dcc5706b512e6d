"""The two companies of the demo, each worked through its own season."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from metercash.contexts.analytics import api as analytics
from metercash.contexts.collections import api as collections
from metercash.contexts.collections.contracts import PolicyTerms
from metercash.contexts.customers import api as customers
from metercash.contexts.payments import api as payments
from metercash.interfaces.cli.demo import city, facts, readings, season, staff
from metercash.interfaces.cli.demo.calendar import Calendar, at
from metercash.interfaces.cli.demo.report import CompanyReport
from metercash.interfaces.cli.demo.season import Portions
from metercash.kernel.money import Money
from metercash.platform import tenancy
from metercash.platform.tenancy.models import Tenant


PLANS = city.Plans(
    area="harbin-heat-residential",
    area_business="harbin-heat-nonresidential",
    metered="harbin-heat-residential-metered",
    power="shanghai-power-residential",
    power_time_of_use="shanghai-power-residential-tou",
)
HEAT_CODE, POWER_CODE = "beiling", "jiangdong"


@dataclass(frozen=True, slots=True)
class Outside:
    """The world around a company: its payment provider and the clock.

    Attributes:
        provider: Arguments of ``payments.configure_provider`` for a company code.
        pay: Pays an order at the provider, as a resident's phone would.
        fault: Switches one fault of the provider on.
        now: The present instant.
    """

    provider: Callable[[str], Mapping[str, Any]]
    pay: Callable[[str], None]
    fault: Callable[[str], None]
    now: Callable[[], datetime]


def found(code: str, name: str, kind: str) -> int:
    """Register a company of the demo; its pages say that the people are invented."""
    return int(
        Tenant.objects.create(code=code, name=name, kind=kind, settings={"demo_notice": True}).id
    )


def work_heating(outside: Outside, calendar: Calendar, tell: season.TELL) -> CompanyReport:
    """The heating company: area bills before the season, metered bills after it."""
    with tenancy.bind(found(HEAT_CODE, "北岭热力有限公司", "HEAT")):
        people = _open_house(outside, HEAT_CODE, "harbin", calendar, tell)
        homes = list(city.heating_homes(PLANS))
        tell("导入 2,000 户用热用户")
        since = calendar.season.start
        points = season.bring_customers(homes, since=since, now=at(since - timedelta(days=40), 9))
        facts.of_heated(homes, season=calendar.season)
        season.install_meters(homes, points, on=since, unit="GJ")
        tell("导入热表曲线")
        metered = [home for home in homes if home.metered]
        readings.import_heat(metered, calendar.season, now=at(calendar.season.end, 6))
        area_ids = [
            *customers.account_ids(plan_code=PLANS.area),
            *customers.account_ids(plan_code=PLANS.area_business),
        ]
        metered_ids = customers.account_ids(plan_code=PLANS.metered)
        tell("按面积出账")
        first = season.bill(
            period=calendar.season,
            commodity="HEAT",
            due=calendar.area_due,
            now=calendar.area_issued,
            account_ids=area_ids,
        )
        tell("按热计量出账")
        season.bill(
            period=calendar.season,
            commodity="HEAT",
            due=calendar.metered_due,
            now=calendar.metered_issued,
            account_ids=metered_ids,
        )
        reversed_bill, rebilled = season.reverse_and_rebill(
            run=first, by=people["hesuan"], now=calendar.area_issued + timedelta(days=1)
        )
        tell("柜台和微信收款")
        portions = Portions(counter=52, wechat=60, partial=6)
        _collect(outside, people, [*area_ids, *metered_ids], portions, calendar)
        told = {"冲正重出": f"账单 {reversed_bill} 冲正，由 {rebilled} 代替"}
        return _chase_and_report(outside, people, [*area_ids, *metered_ids], calendar, told, tell)


def work_power(outside: Outside, calendar: Calendar, tell: season.TELL) -> CompanyReport:
    """The electricity company: two monthly runs from interval readings."""
    with tenancy.bind(found(POWER_CODE, "江东供电有限公司", "POWER")):
        people = _open_house(outside, POWER_CODE, "shanghai", calendar, tell)
        homes = list(city.power_homes(PLANS))
        tell("导入 1,000 户用电用户")
        since = calendar.months[0].start
        points = season.bring_customers(homes, since=since, now=at(since - timedelta(days=40), 9))
        facts.of_supplied(homes, since=since)
        season.install_meters(homes, points, on=since, unit="kWh")
        ids = customers.account_ids(commodity="POWER")
        for month in calendar.months:
            tell(f"导入 {month.start:%Y-%m} 的电量曲线并出账")
            readings.import_power(homes, month, now=at(month.end, 6))
            season.bill(
                period=month,
                commodity="POWER",
                due=month.end + timedelta(days=24),
                now=at(month.end + timedelta(days=2), 9),
                account_ids=ids,
            )
        tell("柜台和微信收款")
        portions = Portions(counter=48, wechat=60, partial=4)
        _collect(outside, people, ids, portions, calendar)
        return _chase_and_report(outside, people, ids, calendar, {}, tell)


def _open_house(
    outside: Outside, code: str, locality: str, calendar: Calendar, tell: season.TELL
) -> Mapping[str, int]:
    people = staff.hire()
    tell("公示价格文件")
    season.publish_prices(
        localities=[locality],
        author_id=people["jiage"],
        approver_id=people["jingli"],
        now=at(calendar.season.start - timedelta(days=60), 9),
    )
    collections.adopt_policy(
        terms=PolicyTerms(rate_per_mille_per_day=Decimal(1), cap_of_principal=Decimal(1)),
        effective_from=date(2020, 1, 1),
        citation="供用合同约定（演示数据，执行前须由单位确认）",
        approved_by="景莉",
    )
    payments.configure_provider(**outside.provider(code))
    return people


def _collect(
    outside: Outside,
    people: Mapping[str, int],
    account_ids: list[int],
    portions: Portions,
    calendar: Calendar,
) -> None:
    season.collect_at_counter(
        account_ids=account_ids,
        clerk_id=people["lijing"],
        cashier_id=people["caiwu"],
        portion=portions,
        now=calendar.metered_issued + timedelta(days=3),
        seed=7,
    )
    season.collect_by_wechat(
        account_ids=account_ids, orders_max=portions.wechat, pay=outside.pay, now=outside.now
    )


def _chase_and_report(
    outside: Outside,
    people: Mapping[str, int],
    account_ids: list[int],
    calendar: Calendar,
    told: dict[str, str],
    tell: season.TELL,
) -> CompanyReport:
    before = season.collection_rate_permille()
    tell("计违约金、发提醒、再收款、对账")
    fees, reminders = season.chase(as_of=calendar.dunned, now=at(calendar.dunned, 9))
    season.collect_at_counter(
        account_ids=account_ids,
        clerk_id=people["zhoumin"],
        cashier_id=people["caiwu"],
        portion=Portions(counter=55, wechat=0, partial=0),
        now=at(calendar.dunned + timedelta(days=2), 9),
        seed=11,
    )
    outside.fault("statement_extra")
    today = outside.now()
    compared = payments.reconcile(
        provider="WECHAT", day=today.date(), now=today + timedelta(days=1)
    )
    funnel = analytics.funnel()
    tenant = Tenant.objects.get(id=tenancy.current_id())
    return CompanyReport(
        code=tenant.code,
        name=tenant.name,
        funnel=funnel.counts(),
        stages=funnel.stages,
        rate_before_permille=before,
        rate_after_permille=season.collection_rate_permille(),
        facts={
            **told,
            "违约金": f"{fees.raised} 笔，共 {Money(fees.raised_fen)} 元",
            "提醒": f"{reminders} 条",
            "微信对账": f"{compared.matched} 笔相符，{compared.breaks} 笔差异待处理",
        },
    )

"""Writing a price: the text, what is wrong with it while it is typed, and what sample homes would pay."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from metercash.contexts.billing import api as billing
from metercash.contexts.customers import api as customers
from metercash.contexts.tariffs import api as tariffs
from metercash.contexts.tariffs.contracts import Calculation, InForce, NoPriceInForce
from metercash.interfaces.console import clock, failures, params
from metercash.interfaces.web import borrowed, calculator
from metercash.kernel.errors import InvalidInput, MetercashError
from metercash.platform.access import requires
from metercash.rating import document as documents
from metercash.rating import schema
from metercash.rating.errors import PlanDocumentInvalid
from metercash.rating.plan import Plan


TEXT_MAX = 200_000
# Typical homes by area, square meters, and typical use, by unit: a month's electricity, a season's heat.
AREAS = ("60", "90", "140")
USES = {"kWh": ("120", "260", "600"), "GJ": ("15", "25", "45")}
HEAT_KWH = ("4200", "7000", "12600")


@dataclass(frozen=True, slots=True)
class Sample:
    """What one home pays by the price in force and by the text.

    Attributes:
        before, after: ``None`` where the price cannot be asked; ``problem`` says why.
    """

    name: str
    before: Calculation | None
    after: Calculation | None
    problem: str = ""

    @property
    def change_fen(self) -> int | None:
        """How much more the text asks for."""
        if self.before is None or self.after is None:
            return None
        return self.after.total_fen - self.before.total_fen


@requires("tariffs.draft")
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Write a new document, or a new version from one that exists."""
    base = params.number(request.GET, "from")
    text = tariffs.get_document(document_id=base).yaml_text if base else ""

    def keep(written: str) -> int:
        return tariffs.draft(
            yaml_text=written, author_id=_user_id(request), now=clock.now()
        ).document_id

    return _written(request, text, keep)


@requires("tariffs.draft")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, document_id: int) -> HttpResponse:
    """Change one's own draft."""

    def keep(written: str) -> int:
        return tariffs.update_draft(
            document_id=document_id, yaml_text=written, author_id=_user_id(request)
        ).document_id

    return _written(request, tariffs.get_document(document_id=document_id).yaml_text, keep)


@requires("tariffs.draft")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the text as it stands, and what it would charge."""
    text = _text(request)
    try:
        hints = documents.hints(text)
        plan = documents.parse(text)
    except PlanDocumentInvalid as error:
        problems = [str(problem) for problem in error.problems]
        return render(request, "console/_price_check.html", {"problems": problems})
    force = _in_force(plan)
    context = {
        "hints": [str(hint) for hint in hints],
        "force": force,
        "samples": [
            _sample(name, told, text, force)
            for name, told in _homes(plan, params.text(request.POST, "account_no", 40))
        ],
    }
    return render(request, "console/_price_check.html", context)


def _written(request: HttpRequest, text: str, keep: Any) -> HttpResponse:
    problems: list[str] = []
    if request.method == "POST":
        text = _text(request)
        try:
            document_id = keep(text)
        except PlanDocumentInvalid as error:
            problems = [str(problem) for problem in error.problems]
        except MetercashError as error:
            problems = [failures.sentence(error)]
        else:
            messages.success(request, _("草稿已保存。核对后提交，由另一人批准。"))
            return redirect("console:prices_detail", document_id)
    context = {"text": text, "problems": problems, "kinds": guide()}
    return render(request, "console/price_draft.html", context)


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "")[:TEXT_MAX].replace("\r\n", "\n")


def _user_id(request: HttpRequest) -> int:
    return int(request.user.id)  # type: ignore[union-attr,arg-type]


def _in_force(plan: Plan) -> InForce | None:
    """The version the text would follow: the one that holds on its first day, or held the day before."""
    for day in (plan.effective_from, plan.effective_from - timedelta(days=1)):
        try:
            return tariffs.plan_in_force(plan_code=plan.code, on=day)
        except NoPriceInForce:
            continue
    return None


def _homes(plan: Plan, account_no: str) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Sample homes as facts, or as the reason why there are none."""
    if account_no:
        yield account_no, _last_billed(account_no)
    uses = HEAT_KWH if plan.season and plan.usage_unit == "kWh" else USES.get(plan.usage_unit or "")
    for area, use in zip(AREAS, uses or ("", "", ""), strict=True):
        asked = calculator.questions(plan, {}, plan.effective_from)
        zones = [one for one in asked if one.path.startswith("usage.")]
        given = {one.mark: one.value for one in asked}
        for one in asked:
            if one.path in ("area_milli", "usable_area_milli"):
                given[one.mark] = area
            elif one in zones:
                given[one.mark] = f"{float(use) / len(zones):.3f}"
        name = " · ".join(
            ([f"{area} m²"] if not zones or plan.season else [])
            + ([f"{use} {plan.usage_unit}"] if use else [])
        )
        try:
            told: dict[str, Any] | str = calculator.facts(
                plan, calculator.questions(plan, given, plan.effective_from)
            )
        except InvalidInput as error:
            told = borrowed.sentence(error)
        yield name, told


def _last_billed(account_no: str) -> dict[str, Any] | str:
    """Facts of an account's last bill."""
    try:
        account = customers.get_account_by_no(account_no=account_no)
    except MetercashError as error:
        return borrowed.sentence(error)
    bills = billing.list_bills(account_id=account.account_id, per_page=1).items
    stretches = billing.proof(bill_id=bills[0].bill_id)["stretches"] if bills else []
    return stretches[-1]["facts"] if stretches else _("该户还没有可用的账单")


def _sample(name: str, told: dict[str, Any] | str, text: str, force: InForce | None) -> Sample:
    if isinstance(told, str):
        return Sample(name, None, None, told)
    try:
        after = tariffs.calculate(facts=told, text=text)
        before = tariffs.calculate(facts=told, document_id=force.document_id) if force else None
    except MetercashError as error:
        return Sample(name, None, None, borrowed.sentence(error))
    return Sample(name, before, after)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of component for the guide.

    Attributes:
        snippet: What to write to begin with: every field that must stand there.
        fields: Name, Chinese name, unit, meaning, and whether it must be written.
    """

    kind: str
    title: str
    snippet: str
    fields: tuple[tuple[str, str, str, str, bool], ...]


@cache
def guide() -> tuple[Kind, ...]:
    """Every kind of component with its fields, from the language itself."""
    language = schema.json_schema()
    refs = language["properties"]["components"]["items"]["discriminator"]["mapping"]
    kinds = []
    for kind, ref in refs.items():
        node = language["$defs"][ref.rsplit("/", 1)[1]]
        required = [name for name in node.get("required", ()) if name != "kind"]
        snippet = f"  - kind: {kind}\n" + "".join(f"    {name}: \n" for name in required)
        fields = tuple(
            (
                name, part["title"], part.get("x-unit", ""),
                part["description"].partition("：")[2], name in required,
            )
            for name, part in node["properties"].items()
            if name != "kind"
        )  # fmt: skip
        kinds.append(Kind(kind, node["title"], snippet, fields))
    return tuple(kinds)

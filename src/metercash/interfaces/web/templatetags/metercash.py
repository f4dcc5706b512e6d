"""Filters for money, quantities and personal data; tags for icons, states, lists."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from metercash.contexts.billing.contracts import BillLine
from metercash.contexts.tariffs import api as tariffs
from metercash.interfaces.web import amounts, borrowed
from metercash.interfaces.web.states import NAMES, name_of, state_of
from metercash.kernel.errors import MetercashError
from metercash.platform.paging import Page


register = template.Library()


@register.filter
def yuan(fen: object) -> str:
    """Fen as yuan with thousands; a dash where there is none."""
    return amounts.yuan(fen) if isinstance(fen, int) else "—"


@register.filter
def plain_yuan(fen: object) -> str:
    """Fen as an input field wants it."""
    return amounts.plain_yuan(fen) if isinstance(fen, int) else ""


@register.filter
def wan(fen: object) -> str:
    """Fen in ten thousand yuan; in thousands for English, which does not count in ten thousands."""
    return borrowed.large(fen) if isinstance(fen, int) else "—"


@register.filter
def capitals(fen: int) -> str:
    """Fen in the capital numerals of a receipt."""
    return amounts.capitals(fen)


@register.filter
def milli(value: object) -> str:
    """Milli-units as units."""
    return amounts.milli(value) if isinstance(value, int) else "—"


@register.filter
def area(value: object) -> str:
    """Thousandths of a square metre with two decimals, so that a column lines up; a dash for none."""
    return f"{Decimal(value) / 1000:,.2f}" if isinstance(value, int) and value else "—"


@register.filter
def grouped(value: object) -> str:
    """A count with thousands."""
    return f"{value:,}" if isinstance(value, int) else "—"


@register.filter
def percent(value: object) -> str:
    """A share between 0 and 1 as a percentage with two decimals."""
    return "—" if value is None or value == "" else f"{float(str(value)) * 100:.2f}"


@register.filter
def day(value: date | datetime | None) -> str:
    """``2026-01-20``."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else "—"


@register.filter
def last_day(value: date | None) -> str:
    """The last day before an exclusive end."""
    return date.fromordinal(value.toordinal() - 1).isoformat() if value else "—"


@register.filter
def moment(value: datetime | None) -> str:
    """``2026-01-20 10:24`` in the tenant's zone."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else "—"


@register.filter
def moment_exact(value: datetime | None) -> str:
    """``2026-01-20 10:24:07`` in the tenant's zone."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if value else "—"


@register.filter
def masked_phone(phone: str) -> str:
    """``153****6610``."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone or "") >= 8 else (phone or "—")


@register.filter
def masked_name(name: str) -> str:
    """``贺*``: a family name and stars."""
    return name[:1] + "*" * (len(name) - 1) if name else ""


@register.filter
def word(code: object) -> str:
    """The word for a code: payment method, category, commodity."""
    return name_of(code)


@register.filter
def said(text: object) -> str:
    """A word of a context, such as the label of a channel, in the reader's language."""
    return borrowed.said(str(text))


@register.filter
def called(line: BillLine) -> str:
    """What a line is called, in the reader's language; the price document says both."""
    return line.label_en if borrowed.english() else line.label


@register.filter
def failure(error: MetercashError) -> str:
    """A named failure as one sentence in the reader's language."""
    return borrowed.sentence(error)


@register.simple_tag
def why(line: BillLine) -> str:
    """Why a line is what it is, in a sentence; English names the clause and leaves the figures to the inputs."""
    if not borrowed.english():
        return line.sentence
    because = line.because
    return f"Under {because['citation']}: {because['clause']}"


@register.simple_tag
def span(first: date, until: date | None) -> str:
    """``2025-10-20 起`` or ``2025-10-20 至 2026-04-20`` for dates up to an exclusive end."""
    if until is None:
        return _("%(first)s 起") % {"first": day(first)}
    return _("%(first)s 至 %(last)s") % {"first": day(first), "last": last_day(until)}


@register.filter
def zone(code: str) -> str:
    """The word for a zone of usage: total, peak, valley."""
    return name_of(f"ZONE_{code.upper()}") if f"ZONE_{code.upper()}" in NAMES else code


@register.filter
def permits(user: Any, permission: str) -> bool:
    """Whether the signed-in user may; shapes a page, guards nothing."""
    return bool(user is not None and user.has(permission))


@register.simple_tag
def state(code: object, suffix: str = "") -> SafeString:
    """A dot and a word."""
    label, tone = state_of(code)
    return format_html('<span class="state state-{}">{}{}</span>', tone, label, suffix)


@register.simple_tag(takes_context=True)
def plan(context: Context, code: str) -> str:
    """What people call a price plan; its code where it is not published."""
    request = context["request"]
    if not hasattr(request, "plan_titles"):
        request.plan_titles = tariffs.plan_titles()
    return str(request.plan_titles.get(code, code or "—"))


@register.simple_tag(takes_context=True)
def home_address(context: Context) -> str:
    """Where somebody whose page failed starts again: a resident with the company, staff at work."""
    request = context.get("request")
    parts = request.path.split("/") if request is not None else []
    if len(parts) > 3 and parts[1] == "m":
        return f"/m/{parts[2]}/"
    return "/"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless labelled."""
    address = static("web/icons/sprite.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label, address, name,
        )  # fmt: skip
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', address, name
    )


@register.inclusion_tag("web/_sort_header.html", takes_context=True)
def sort_header(
    context: Context, label: str, key: str, css: str = "", target: str = "list"
) -> dict[str, Any]:
    """A column title that sorts; first down for numbers, up for words."""
    request = context["request"]
    now = context.get("sort") or request.GET.get("sort", "")
    ascending, descending = now == key, now == f"-{key}"
    first = f"-{key}" if "num" in css else key
    following = f"-{key}" if ascending else key if descending else first
    query = request.GET.copy()
    query["sort"] = following
    query.pop("page", None)
    return {
        "label": label,
        "css": css,
        "target": target,
        "address": f"?{query.urlencode()}",
        "aria": "ascending" if ascending else "descending" if descending else "none",
        "icon": "chevron-up" if ascending else "chevron-down" if descending else "selector",
    }


@register.inclusion_tag("web/_pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], target: str = "list") -> dict[str, Any]:
    """Where the list stands and the way to its other pages."""
    request = context["request"]

    def address(number: int, per_page: int | None = None) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        if per_page is not None:
            query["per_page"] = str(per_page)
        return f"?{query.urlencode()}"

    pages = page.pages or page.page + (len(page.items) == page.per_page)
    near = range(max(1, page.page - 2), min(pages, page.page + 2) + 1)
    shown = sorted({1, pages, *near})
    links: list[tuple[int, str]] = []
    before = 0
    for number in shown:
        if number - before > 1:
            links.append((0, ""))
        links.append((number, address(number)))
        before = number
    return {
        "page": page,
        "links": links if pages > 1 else [],
        "previous": address(page.page - 1) if page.page > 1 else "",
        "following": address(page.page + 1) if page.page < pages else "",
        "sizes": [(size, address(1, size)) for size in (20, 50, 100, 200)],
        "target": target,
    }

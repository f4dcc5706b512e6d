"""What every list page does alike: whole page or its list alone, and the spreadsheet."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from metercash.platform.paging import Page


T = TypeVar("T")

EXPORT_ROWS_MAX = 20_000
EXPORT_PAGE = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def respond(
    request: HttpRequest, template: str, part: str, context: Mapping[str, Any]
) -> HttpResponse:
    """The page, or only the list when htmx asks for the element ``list``."""
    htmx = request.htmx  # type: ignore[attr-defined]
    only_list = htmx and htmx.target == "list" and not htmx.history_restore_request
    response = render(request, part if only_list else template, dict(context))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def every(fetch: Callable[[int, int], Page[T]]) -> Iterator[T]:
    """Rows of all pages of a list, up to the limit of an export."""
    for number in range(1, EXPORT_ROWS_MAX // EXPORT_PAGE + 1):
        page = fetch(number, EXPORT_PAGE)
        yield from page.items
        if len(page.items) < EXPORT_PAGE:
            return


def spreadsheet(
    name: str, titles: Sequence[str], rows: Iterable[Sequence[str | int | float]]
) -> HttpResponse:
    """An Excel file in which numbers are numbers; cells never start a formula."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bg_color": "#F6F8FB", "bottom": 1})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(titles) - 1, 18)
    sheet.write_row(0, 0, titles, bold)
    for index, row in enumerate(rows, start=1):
        sheet.write_row(index, 0, row)
    book.close()
    return attachment(buffer.getvalue(), f"{name}.xlsx", XLSX)


def attachment(content: bytes, filename: str, kind: str = XLSX) -> HttpResponse:
    """A download that keeps its Chinese name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response

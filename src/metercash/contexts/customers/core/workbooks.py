"""Excel workbooks going out: template, export, and the user's own sheet with an error column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from metercash.contexts.customers.contracts import AccountFact, RowError
from metercash.contexts.customers.core import cells, fact_rows
from metercash.contexts.customers.core.record import BY_FIELD, COLUMNS, Column, CustomerRecord
from metercash.contexts.customers.core.table import ERROR_HEADER, Table, is_excel


STATUS_HEADER = "账户状态"
_STATUS = {"ACTIVE": "在用", "CLOSED": "已销户"}
_WIDE = {"name", "community", "plan_code", "id_number", "phone", "external_key"}


def template() -> bytes:
    """An empty import workbook of customers."""
    return _template("用户档案", COLUMNS)


def fact_template() -> bytes:
    """An empty import workbook of billing facts."""
    return _template("计费资料", fact_rows.COLUMNS)


def _template(name: str, columns: Sequence[Column]) -> bytes:
    """Headers (required ones marked *), one example, a page of help."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8F0FE", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(name)
        help_sheet = book.add_worksheet("填写说明")
        help_sheet.set_column(0, 2, 24)
        for index, heading in enumerate(("列名", "是否必填", "说明")):
            help_sheet.write_string(0, index, heading, bold)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, 18 if column.field in _WIDE else 11, text)
            sheet.write_string(0, index, column.header + ("*" if column.required else ""), bold)
            if column.example:
                sheet.write_string(1, index, str(column.example), text)
            help_sheet.write_string(index + 1, 0, column.header)
            help_sheet.write_string(index + 1, 1, "必填" if column.required else "选填")
            help_sheet.write_string(index + 1, 2, column.hint)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def export(records: Iterable[tuple[CustomerRecord, str]]) -> bytes:
    """Write records (with their account status) in the columns of the import, row by row."""
    rows = (_written(record, status) for record, status in records)
    return _export("用户档案", _headers(), rows)


def export_facts(facts: Iterable[tuple[str, AccountFact]]) -> bytes:
    """Write entries (with their account numbers) in the columns of the import, row by row."""
    rows = (fact_rows.written(account_no, fact) for account_no, fact in facts)
    return _export("计费资料", list(fact_rows.HEADERS), rows)


def _export(name: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    wide = {BY_FIELD[field].header for field in _WIDE}
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8F0FE"})
        sheet = book.add_worksheet(name)
        for index, header in enumerate(headers):
            sheet.set_column(index, index, 18 if header in wide else 11)
        sheet.freeze_panes(1, 1)
        for index, header in enumerate(headers):
            sheet.write_string(0, index, header, bold)
        for number, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                if isinstance(value, (int, Decimal)):
                    sheet.write_number(number, index, value)
                elif value is not None:
                    sheet.write_string(number, index, str(value))
    return out.getvalue()


def export_csv(records: Iterable[tuple[CustomerRecord, str]]) -> bytes:
    """The same as CSV in UTF-8 with the byte order mark Excel wants."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_headers())
    writer.writerows(_written(record, status) for record, status in records)
    return out.getvalue().encode("utf-8-sig")


def with_errors(content: bytes, table: Table, errors: Sequence[RowError]) -> bytes:
    """The user's own sheet with a red column that says what to mend; can be uploaded again."""
    texts: dict[int, list[str]] = {}
    for error in errors:
        field = f"{error.field}：" if error.field else ""
        texts.setdefault(error.row, []).append(f"{field}{error.reason}；{error.advice}")
    book = _own_book(content, table)
    sheet = book[table.sheet] if table.sheet in book.sheetnames else book.worksheets[0]
    header_row = table.header_index + 1
    column = len(table.header) + 1
    if ERROR_HEADER in table.header:
        column = table.header.index(ERROR_HEADER) + 1
    for number in range(header_row + 1, header_row + len(table.rows) + 1):
        if number not in texts and sheet.cell(number, column).value is not None:
            sheet.cell(number, column).value = None
    red = PatternFill("solid", fgColor="FDE2E1")
    font = Font(color="C62828")
    sheet.cell(header_row, column, ERROR_HEADER).font = Font(color="C62828", bold=True)
    positions = _positions(table)
    for number, parts in texts.items():
        cell = sheet.cell(number, column, "\n".join(parts))
        cell.fill, cell.font = red, font
    for error in errors:
        if error.field in positions:
            sheet.cell(error.row, positions[error.field]).fill = red
    sheet.column_dimensions[get_column_letter(column)].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headers() -> list[str]:
    return [*(column.header for column in COLUMNS), STATUS_HEADER]


def _written(record: CustomerRecord, status: str) -> list[object]:
    values = [column.write(getattr(record, column.field)) for column in COLUMNS]
    return [*values, _STATUS.get(status, status)]


def _own_book(content: bytes, table: Table) -> openpyxl.Workbook:
    if is_excel(content):
        try:
            return openpyxl.load_workbook(io.BytesIO(content))
        except (InvalidFileException, KeyError, ValueError, OSError):
            pass  # an old .xls: its rows are written into a new workbook below
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = table.sheet or "用户档案"
    for _ in range(table.header_index):
        sheet.append([])
    for row in ([*table.header], *table.rows):
        sheet.append([_plain(cell) for cell in row])
    return book


def _plain(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    return cells.escaped(ILLEGAL_CHARACTERS_RE.sub("", cells.shown(cell)))


def _positions(table: Table) -> Mapping[str, int]:
    names = {alias: c.header for c in BY_FIELD.values() for alias in (c.header, *c.aliases)}
    names.update((header, header) for header in fact_rows.HEADERS)
    found: dict[str, int] = {}
    for index, name in enumerate(table.header, start=1):
        if name in names:
            found.setdefault(names[name], index)
    return found

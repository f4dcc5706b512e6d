"""Files of readings: what is recognized, and what is refused in words."""

import io
from datetime import date, datetime

import openpyxl
import polars as pl
import pytest

from metercash.contexts.metering.contracts import FileUnreadable
from metercash.contexts.metering.core import tables


LONG = "表号,时间,数值\nE1,2026-01-05 00:00,0.25\n"


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestRead:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_long_csv_in_the_encodings_people_send(self, encoding):
        table = tables.read(LONG.encode(encoding), "曲线.CSV")
        assert (table.wide, table.frame["meter"].to_list()) == (False, ["E1"])
        assert table.frame["row"].to_list() == [2]

    def test_excel_with_dates_and_whole_numbers(self):
        header = ["表号", "日期", *(f"v{hour}" for hour in range(24))]
        content = workbook(
            header,
            [1001.0, date(2026, 1, 5), *[1] * 24],
            ["E2", datetime(2026, 1, 5), *[2] * 24],  # noqa: DTZ001 - a cell has no zone
        )
        table = tables.read(content, "曲线.xlsx")
        assert (table.wide, len(table.values)) == (True, 24)
        assert table.frame["meter"].to_list() == ["1001", "E2"]

    @pytest.mark.parametrize(
        ("content", "filename", "reason"),
        [
            (b"x", "a.pdf", "只接受"),
            (b"not parquet", "a.parquet", "parquet"),
            (b"not a book", "a.xlsx", "Excel"),
            (workbook(), "a.xlsx", "空的|表号"),
            (workbook(["表号", "时间", "时间"], ["E1", 1, 2]), "a.xlsx", "重复"),
            ("时间,数值\n1,2\n".encode(), "a.csv", "表号"),
            ("表号,日期,v1,v2\nE1,2026-01-05,1,2\n".encode(), "a.csv", "现有 2 列"),
            (b"", "a.csv", "csv"),
            (b"\xff\xff\xff", "a.csv", "GB18030"),
        ],
    )
    def test_refuses_in_words(self, content, filename, reason):
        with pytest.raises(FileUnreadable, match=reason):
            tables.read(content, filename)

    def test_refuses_more_cells_than_memory_allows(self, monkeypatch):
        monkeypatch.setattr(tables, "CELLS_MAX", 2)
        with pytest.raises(FileUnreadable, match="分批"):
            tables.read(LONG.encode(), "a.csv")

    def test_parquet_keeps_its_numbers(self):
        frame = pl.DataFrame({"meter": ["E1"], "time": ["2026-01-05 00:00"], "kwh": [0.25]})
        out = io.BytesIO()
        frame.rename({"meter": "表号", "time": "时间", "kwh": "数值"}).write_parquet(out)
        assert tables.read(out.getvalue(), "a.parquet").frame["value"].to_list() == [0.25]

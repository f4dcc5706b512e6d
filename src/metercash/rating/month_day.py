"""A day of every year, written as month and day."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator


LEAP_YEAR = 2024


def _month_day(text: str) -> str:
    try:
        date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError:
        msg = f"应为“月-日”，如 10-20，不是“{text}”"
        raise ValueError(msg) from None
    if text == "02-29":
        msg = "不能用 2 月 29 日，并非年年都有"
        raise ValueError(msg)
    return text


MonthDay = Annotated[str, AfterValidator(_month_day)]

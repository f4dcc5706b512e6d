"""Readings in and out."""

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from metercash.contexts.customers import api as customers
from metercash.contexts.metering import api as metering
from metercash.interfaces.openapi.security import scope
from metercash.interfaces.openapi.values import milli
from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval


router = Router(tags=["readings"])

CURVE_DAYS_MAX = 62


class PointOut(Schema):
    """One interval: its start, the energy in it, and whether it is an estimate."""

    start: datetime
    value: str | None
    estimated: bool


class CurveOut(Schema):
    """The intervals of an account."""

    account_no: str
    unit: str
    points: list[PointOut]


class ImportOut(Schema):
    """What became of an uploaded file: read = accepted + refused."""

    read: int
    accepted: int
    refused: int
    errors: list[str]


class RateOut(Schema):
    """How complete a day's readings are."""

    day: date
    expected: int
    received: int
    estimated: int


class AnnouncementIn(Schema):
    """Something announced for a day, such as ``hot``, and where it was announced."""

    name: str
    day: date
    evidence: str


class AnnouncementOut(AnnouncementIn):
    """What stands announced."""

    announcement_id: int


class WithdrawIn(Schema):
    """Why an announcement is withdrawn."""

    note: str


@router.get("/accounts/{account_no}/curve", response=CurveOut, summary="Intervals of an account")
@scope("metering:read")
def curve(request: HttpRequest, account_no: str, since: date, until: date) -> dict[str, Any]:
    """The quarter-hours of an account from ``since`` up to, not including, ``until``."""
    if not 0 < (until - since).days <= CURVE_DAYS_MAX:
        raise InvalidInput(field="until", reason=f"应晚于 since，且不超过 {CURVE_DAYS_MAX} 天")
    account = customers.get_account_by_no(account_no=account_no)
    points = metering.curve(
        service_point_id=account.service_point_id, period=Interval(since, until)
    )
    return {
        "account_no": account_no,
        "unit": "kWh",
        "points": [
            {
                "start": point.start,
                "value": None if point.milli is None else milli(point.milli),
                "estimated": point.estimated,
            }
            for point in points
        ],
    }


@router.post("/readings", response=ImportOut, summary="Upload interval readings")
@scope("metering:write")
def upload(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """A CSV, Parquet or Excel file; the same file again changes nothing."""
    report = metering.import_intervals(
        content=file.read(), filename=file.name or "readings", now=datetime.now(UTC)
    )
    return {
        "read": report.read,
        "accepted": report.accepted,
        "refused": report.refused,
        "errors": [str(error) for error in report.errors[:100]],
    }


@router.get("/collection-rate", response=RateOut, summary="How complete a day's readings are")
@scope("metering:read")
def collection_rate(request: HttpRequest, day: date) -> dict[str, Any]:
    """Expected, received and estimated values of a day."""
    rate = metering.collection_rate(day=day)
    return {
        "day": day,
        "expected": rate.expected,
        "received": rate.received,
        "estimated": rate.estimated,
    }


@router.get("/announcements", response=list[AnnouncementOut], summary="What was announced for days")
@scope("metering:read")
def announcements(request: HttpRequest, since: date, until: date) -> list[dict[str, Any]]:
    """From ``since`` up to, not including, ``until``."""
    if since >= until:
        raise InvalidInput(field="until", reason="应晚于 since")
    found = metering.announcements(period=Interval(since, until))
    return [
        {
            "announcement_id": one.announcement_id,
            "name": one.name,
            "day": one.day,
            "evidence": one.evidence,
        }
        for one in found
    ]


@router.post("/announcements", response={201: AnnouncementOut}, summary="Announce a day")
@scope("metering:write")
def announce(request: HttpRequest, data: AnnouncementIn) -> Status[dict[str, Any]]:
    """Calendars that ask for the name count the day from now on; bills made before stay."""
    made = metering.announce_day(
        name=data.name, day=data.day, evidence=data.evidence, now=datetime.now(UTC)
    )
    return Status(201, {"announcement_id": made, **data.dict()})


@router.post("/announcements/{announcement_id}/withdraw", response={204: None}, summary="Withdraw")
@scope("metering:write")
def withdraw(request: HttpRequest, announcement_id: int, data: WithdrawIn) -> Status[None]:
    """Take an announcement back, saying why."""
    metering.withdraw_announcement(
        announcement_id=announcement_id, note=data.note, now=datetime.now(UTC)
    )
    return Status(204, None)

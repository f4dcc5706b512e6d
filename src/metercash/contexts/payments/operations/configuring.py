"""Setting up WeChat Pay and telling, without secrets, what is set up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    CredentialsRefused,
    Provider,
    ProviderSetup,
)
from metercash.contexts.payments.operations import wechat
from metercash.kernel.errors import MetercashError
from metercash.platform import audit, db, sealing
from metercash.protocols.wechatpay import resource, signing


DAYS_BACK = 7


@db.transaction_required
def configure_wechat(
    *,
    merchant_id: str,
    app_id: str,
    serial_no: str,
    private_key: bytes,
    api_v3_key: bytes,
    platform_keys: Mapping[str, bytes],
    base_url: str,
    notify_url: str,
    certificate: bytes | None,
) -> ProviderSetup:
    """Check every part, then store the keys sealed; see ``api.configure_wechat``."""
    _require("mchid", merchant_id.isdecimal() and len(merchant_id) <= 32, "应为数字")
    _require("appid", 0 < len(app_id) <= 40, "不能为空")
    _require("serial_no", serial_no.isalnum(), "应为十六进制序列号")
    _require(
        "base_url", base_url.startswith(("https://", "http://127.0.0.1")), "应以 https:// 开头"
    )
    _require("platform_key", bool(platform_keys), "至少需要一个平台证书或平台公钥")
    api_v3_key = api_v3_key.strip()
    _accept("private_key", lambda: signing.private_key(private_key))
    _accept("api_v3_key", lambda: resource.check_key(api_v3_key))
    until = {
        key_id: _accept("platform_key", lambda i=key_id, p=pem: wechat.platform_key(i, p))
        for key_id, pem in platform_keys.items()
    }
    own = None if certificate is None else _own_certificate(certificate, serial_no)
    content = {
        "private_key": private_key.decode(),
        "api_v3_key": api_v3_key.decode(),
        "platform_keys": {key_id: pem.decode() for key_id, pem in platform_keys.items()},
    }
    settings = {
        "base_url": base_url.rstrip("/"),
        "notify_url": notify_url,
        "serial_no": serial_no,
        "sealed": sealing.seal(json.dumps(content).encode(), purpose=wechat.SEALED_FOR),
        "platform_until": {key_id: _day(key.valid_until) for key_id, key in until.items()},
        "certificate_until": None if own is None else _day(own.valid_until),
    }
    models.ProviderAccount.objects.update_or_create(
        provider=Provider.WECHAT,
        defaults={
            "merchant_id": merchant_id, "app_id": app_id, "settings": settings, "active": True,
        },
    )  # fmt: skip
    audit.record(
        action="payments.provider.configure",
        subject=f"provider:{Provider.WECHAT}",
        detail={"merchant_id": merchant_id, "serial_no": serial_no, "keys": sorted(platform_keys)},
    )
    found = setup_of(Provider.WECHAT)
    assert found is not None, "the row was written above"
    return found


@db.transaction_required
def setup_of(provider: str) -> ProviderSetup | None:
    """What is configured, masked; see ``api.provider_setup``."""
    row = models.ProviderAccount.objects.filter(provider=provider, active=True).first()
    if row is None:
        return None
    settings = row.settings
    until = settings.get("platform_until", {})
    return ProviderSetup(
        provider=provider,
        merchant_id=masked(row.merchant_id),
        app_id=masked(row.app_id),
        serial_no=masked(str(settings.get("serial_no", ""))),
        base_url=str(settings.get("base_url", "")),
        notify_url=str(settings.get("notify_url", "")),
        platform_keys=tuple(
            (key_id, _date(until.get(key_id)))
            for key_id in sorted(until or settings.get("platform_keys", {}))
        ),
        certificate_until=_date(settings.get("certificate_until")),
        sealed="sealed" in settings,
    )


def masked(text: str) -> str:
    """The ends of an identifier; enough to recognize it, not to use it."""
    return text if len(text) < 9 else f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"


@db.transaction_required
def unreconciled_days(provider: str, *, now: datetime) -> list[date]:
    """Days to compare with the channel; see ``api.unreconciled_days``."""
    account = models.ProviderAccount.objects.filter(provider=provider, active=True).first()
    orders = models.PaymentOrder.objects.filter(provider_account=account).order_by("id")
    first = None if account is None else orders.values_list("created_at", flat=True).first()
    if account is None or first is None:
        return []
    today = queries.civil_day(now)
    done = set(
        models.ReconciliationRun.objects.filter(
            provider_account=account, day__gte=today - timedelta(days=DAYS_BACK)
        ).values_list("day", flat=True)
    )
    days = [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
    return [day for day in days if day >= queries.civil_day(first) and day not in done]


def _own_certificate(pem: bytes, serial_no: str) -> signing.VerifyingKey:
    key: signing.VerifyingKey = _accept("certificate", lambda: signing.certificate_key(pem))
    _require("certificate", key.key_id.upper() == serial_no.upper(), "序列号与 serial_no 不一致")
    return key


def _accept(part: str, read: Any) -> Any:
    try:
        return read()
    except MetercashError as error:
        raise CredentialsRefused(part=part, reason=error.chinese) from error


def _require(part: str, holds: bool, reason: str) -> None:  # noqa: FBT001
    if not holds:
        raise CredentialsRefused(part=part, reason=reason)


def _day(instant: datetime | None) -> str | None:
    return None if instant is None else instant.date().isoformat()


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""Setting up WeChat Pay: keys go in sealed and never come out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from metercash.contexts.payments import queries
from metercash.contexts.payments.contracts import CredentialCheck, ProviderSetup
from metercash.contexts.payments.operations import configuring, orders, wechat
from metercash.platform import db


@db.transaction()
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
    certificate: bytes | None = None,
) -> ProviderSetup:
    """Set the tenant's WeChat Pay account; replaces what was there. Keys are stored encrypted.

    Args:
        private_key: PEM of the merchant's API key.
        api_v3_key: 32 bytes.
        platform_keys: PEM of the platform's public key or certificate, by its id.
        certificate: PEM of the merchant's certificate; tells when it expires.

    Raises:
        CredentialsRefused: if a part is malformed, with the part's name.
    """
    return configuring.configure_wechat(
        merchant_id=merchant_id,
        app_id=app_id,
        serial_no=serial_no,
        private_key=private_key,
        api_v3_key=api_v3_key,
        platform_keys=platform_keys,
        base_url=base_url,
        notify_url=notify_url,
        certificate=certificate,
    )


@db.transaction()
def provider_setup(*, provider: str = "WECHAT") -> ProviderSetup | None:
    """What is configured, numbers masked and keys left out; None if nothing is."""
    return configuring.setup_of(provider)


def check_provider(*, now: datetime) -> CredentialCheck:
    """Ask WeChat Pay about an order that does not exist: tells whether our signature and theirs hold.

    Call outside a transaction.

    Raises:
        ProviderNotConfigured: if there is no account or a key cannot be read.
    """
    with db.transaction():
        account = queries.provider_account("WECHAT")
        credentials = orders.credentials_of(account)
    return wechat.probe(credentials, now=now)


@db.transaction()
def unreconciled_days(*, provider: str, now: datetime) -> list[date]:
    """Whole days of the last week not compared with the channel yet, oldest first; none before the first order."""
    return configuring.unreconciled_days(provider, now=now)

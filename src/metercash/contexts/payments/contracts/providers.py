"""What is set up with a provider, and the confirmation of money that came through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ChannelReceipt:
    """The confirmation of a payment through a channel.

    Attributes:
        lines: What it paid: description and fen.
        to_balance_fen: What stayed as prepaid balance.
        amount_capitals: The total in Chinese capitals (金额大写).
    """

    receipt_no: str
    fact_id: int
    account_id: int
    account_no: str
    name: str
    address: str
    channel_label: str
    paid_at: datetime
    fen: int
    lines: tuple[tuple[str, int], ...]
    to_balance_fen: int
    amount_capitals: str
    provider_txn: str
    order_no: str


@dataclass(frozen=True, slots=True)
class ProviderSetup:
    """What is configured with a provider; no secret is in it.

    Attributes:
        platform_keys: Key id and, for a certificate, its last day.
        certificate_until: Last day of our own certificate, where it was given.
        sealed: Whether the keys lie encrypted in the database rather than in files.
    """

    provider: str
    merchant_id: str
    app_id: str
    serial_no: str
    base_url: str
    notify_url: str
    platform_keys: tuple[tuple[str, date | None], ...]
    certificate_until: date | None
    sealed: bool


@dataclass(frozen=True, slots=True)
class CredentialCheck:
    """Whether a question to the provider was accepted and its answer was genuine."""

    base_url: str
    reached: bool
    signed: bool
    verified: bool
    reason: str

    @property
    def ok(self) -> bool:
        """Whether payments can work."""
        return self.reached and self.signed and self.verified

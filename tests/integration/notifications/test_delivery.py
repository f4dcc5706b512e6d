"""Queuing and delivering messages."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from metercash.contexts.notifications import api as notifications
from metercash.contexts.notifications.contracts import (
    ContextIncomplete,
    Message,
    RecipientMissing,
    TemplateUnknown,
    TransportFailed,
)
from metercash.contexts.notifications.operations import transports


CONTEXT = {"name": "张三", "account_no": "1001", "amount_yuan": "12.00", "due_date": "2026-01-31"}


def send(now: datetime, **changes: object) -> int:
    arguments: dict[str, object] = {
        "template": "billing.bill_issued",
        "channel": "SMS",
        "recipient": "13800000000",
        "context": CONTEXT,
        "reference": "bill:1",
        "now": now,
    }
    return notifications.send(**(arguments | changes))  # type: ignore[arg-type]


class TestSend:
    def test_goes_once_per_template_and_reference(self, tenant: int, now: datetime) -> None:
        first = send(now)
        assert send(now) == first
        assert notifications.deliver_pending(now=now) == 1
        assert notifications.deliver_pending(now=now) == 0
        (message,) = notifications.list_messages(status="SENT").items
        assert message.sent_at == now
        assert message.proof == f"sms.jsonl:{first}"
        file = Path(settings.METERCASH_HOME) / "outbox" / str(tenant) / "sms.jsonl"
        line = file.read_text(encoding="utf-8").splitlines()[-1]
        assert "张三，您户号1001本期账单12.00元" in json.loads(line)["body"]

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"recipient": ""}, RecipientMissing),
            ({"template": "none"}, TemplateUnknown),
            ({"context": {}}, ContextIncomplete),
        ],
    )
    def test_refuses(
        self, tenant: int, now: datetime, changes: dict[str, object], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            send(now, **changes)
        assert notifications.list_messages().total == 0


class TestDeliverPending:
    def test_waits_in_quiet_hours_unless_urgent(self, tenant: int, now: datetime) -> None:
        night = now + timedelta(hours=12)
        send(night)
        send(night, template="payments.received")
        assert notifications.deliver_pending(now=night) == 1
        assert notifications.deliver_pending(now=now + timedelta(days=1)) == 1

    def test_keeps_what_failed_and_gives_up_after_five(
        self, tenant: int, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "METERCASH_SMTP_URL", "smtp://127.0.0.1:1")
        now -= timedelta(hours=1)
        send(now, channel="EMAIL", recipient="a@example.com")
        for attempt in range(1, 6):
            assert (
                notifications.deliver_pending(now=now + timedelta(hours=2.5 * (attempt - 1))) == 0
            )
            (message,) = notifications.list_messages().items
            assert message.attempts == attempt
        assert message.status == "FAILED"
        assert "Error" in message.error

    def test_holds_no_transaction_and_shares_no_message_while_sending(
        self, tenant: int, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[object] = []

        def slow(message: Message, route: transports.Route) -> str:
            seen.append(connection.in_atomic_block)
            seen.append(notifications.deliver_pending(now=now))
            return "taken"

        send(now)
        with monkeypatch.context() as patch:
            patch.setattr(transports, "send", slow)
            assert notifications.deliver_pending(now=now) == 1
        assert seen == [False, 0]

    def test_a_sender_that_died_is_followed_by_another(
        self, tenant: int, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def dying(message: Message, route: transports.Route) -> str:
            raise KeyboardInterrupt

        send(now)
        with monkeypatch.context() as patch:
            patch.setattr(transports, "send", dying)
            with pytest.raises(KeyboardInterrupt):
                notifications.deliver_pending(now=now)
        assert notifications.deliver_pending(now=now + timedelta(minutes=4)) == 0
        assert notifications.deliver_pending(now=now + timedelta(minutes=6)) == 1
        (message,) = notifications.list_messages().items
        assert (message.status, message.attempts) == ("SENT", 2)

    def test_a_sender_that_was_overtaken_changes_nothing(
        self, tenant: int, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def overtaken(message: Message, route: transports.Route) -> str:
            monkeypatch.undo()
            assert notifications.deliver_pending(now=now + timedelta(minutes=6)) == 1
            raise TransportFailed(reason="too late")

        send(now)
        monkeypatch.setattr(transports, "send", overtaken)
        assert notifications.deliver_pending(now=now) == 0
        (message,) = notifications.list_messages().items
        assert (message.status, message.error) == ("SENT", "")

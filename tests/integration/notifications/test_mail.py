"""E-mail through the tenant's own server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from metercash.contexts.notifications import api as notifications
from metercash.contexts.notifications import models
from metercash.contexts.notifications.contracts import MailSetup, MailSetupRefused, TransportFailed
from metercash.platform import db, sealing, tenancy
from tests.integration.notifications.test_delivery import send
from tests.support import mail


@pytest.fixture
def sink() -> Iterator[mail.Sink]:
    running = mail.Sink(password="right")
    running.start()
    yield running
    running.stop()


def setup_for(number: int, **changes: object) -> MailSetup:
    plain = MailSetup(
        transport="SMTP",
        host="127.0.0.1",
        port=number,
        security="NONE",
        username="billing",
        sender="billing@example.com",
        reply_to="office@example.com",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class TestConfigureMail:
    def test_keeps_the_password_sealed_for_this_tenant_alone(
        self, tenant: int, other_tenant: int, now: datetime
    ) -> None:
        notifications.configure_mail(setup=setup_for(25), password="s3cret-words", now=now)
        assert notifications.mail_setup() == replace(setup_for(25), has_password=True)
        with db.transaction():
            stored = models.MailServer.objects.get().sealed_password
        assert "s3cret" not in stored
        assert sealing.unseal(stored, purpose="smtp.password") == b"s3cret-words"
        with tenancy.bind(other_tenant), pytest.raises(sealing.SealBroken):
            sealing.unseal(stored, purpose="smtp.password")

    def test_keeps_the_password_unless_told(self, tenant: int, now: datetime) -> None:
        notifications.configure_mail(setup=setup_for(25), password="first", now=now)
        kept = notifications.configure_mail(setup=setup_for(26), password=None, now=now)
        assert kept.has_password
        gone = notifications.configure_mail(setup=setup_for(26), password="", now=now)
        assert not gone.has_password

    @pytest.mark.parametrize(
        "changes",
        [{"transport": "PIGEON"}, {"host": ""}, {"port": 0}, {"sender": "x"}, {"reply_to": "x"}],
    )
    def test_refuses(self, tenant: int, now: datetime, changes: dict[str, object]) -> None:
        with pytest.raises(MailSetupRefused):
            notifications.configure_mail(setup=setup_for(25, **changes), password=None, now=now)
        assert notifications.mail_setup() == MailSetup()


class TestDeliverPending:
    def test_hands_mail_to_the_server(self, tenant: int, now: datetime, sink: mail.Sink) -> None:
        notifications.configure_mail(setup=setup_for(sink.port), password="right", now=now)
        message_id = send(now, channel="EMAIL", recipient="zhang@example.com")
        assert notifications.deliver_pending(now=now) == 1
        (taken,) = sink.taken
        assert taken["From"] == "billing@example.com"
        assert taken["Reply-To"] == "office@example.com"
        assert taken["To"] == "zhang@example.com"
        assert "户号1001本期账单12.00元" in taken.get_content()  # type: ignore[attr-defined]
        (message,) = notifications.list_messages().items
        assert message.proof == taken["Message-ID"] == f"<{tenant}.{message_id}@127.0.0.1>"

    def test_tries_again_later_and_later_then_gives_up(
        self, tenant: int, now: datetime, sink: mail.Sink
    ) -> None:
        notifications.configure_mail(setup=setup_for(sink.port), password="right", now=now)
        sink.refusal = "550 5.1.1 no such mailbox"
        send(now, channel="EMAIL", recipient="zhang@example.com")
        at = now
        for attempts, minutes in ((1, 1), (2, 5), (3, 25), (4, 125)):
            assert notifications.deliver_pending(now=at) == 0
            (message,) = notifications.list_messages().items
            assert (message.status, message.attempts) == ("QUEUED", attempts)
            assert message.next_try_at == at + timedelta(minutes=minutes)
            notifications.deliver_pending(now=at + timedelta(seconds=59))
            assert notifications.list_messages().items[0].attempts == attempts
            at = message.next_try_at
        notifications.deliver_pending(now=at)
        (message,) = notifications.list_messages(status="FAILED").items
        assert (message.attempts, message.next_try_at) == (5, None)
        assert "邮件服务器拒绝" in message.error

    def test_succeeds_after_a_failure(self, tenant: int, now: datetime, sink: mail.Sink) -> None:
        notifications.configure_mail(setup=setup_for(sink.port), password="right", now=now)
        sink.refusal = "451 4.3.0 try later"
        send(now, channel="EMAIL", recipient="zhang@example.com")
        notifications.deliver_pending(now=now)
        sink.refusal = ""
        assert notifications.deliver_pending(now=now + timedelta(minutes=1)) == 1
        (message,) = notifications.list_messages().items
        assert (message.status, message.error, message.next_try_at) == ("SENT", "", None)


class TestSendTest:
    def test_says_what_the_server_says(self, tenant: int, now: datetime, sink: mail.Sink) -> None:
        notifications.configure_mail(setup=setup_for(sink.port), password="wrong", now=now)
        with pytest.raises(TransportFailed, match=r"535.*authentication failed"):
            notifications.send_test(recipient="me@example.com", now=now)
        notifications.configure_mail(setup=setup_for(sink.port), password="right", now=now)
        notifications.send_test(recipient="me@example.com", now=now)
        assert sink.taken[0]["Subject"] == "测试邮件"

    def test_speaks_tls_and_trusts_only_who_it_knows(
        self, tenant: int, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        context, trusted = mail.certificate(tmp_path)
        running = mail.Sink(password="right", tls=context)
        running.start()
        try:
            notifications.configure_mail(
                setup=setup_for(running.port, security="TLS"), password="right", now=now
            )
            with pytest.raises(TransportFailed, match="CERTIFICATE_VERIFY_FAILED"):
                notifications.send_test(recipient="me@example.com", now=now)
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            notifications.send_test(recipient="me@example.com", now=now)
            assert len(running.taken) == 1
        finally:
            running.stop()

    def test_never_falls_back_to_plain_text(
        self, tenant: int, now: datetime, sink: mail.Sink
    ) -> None:
        setup = setup_for(sink.port, security="STARTTLS")
        notifications.configure_mail(setup=setup, password="right", now=now)
        with pytest.raises(TransportFailed):
            notifications.send_test(recipient="me@example.com", now=now)
        assert sink.taken == []

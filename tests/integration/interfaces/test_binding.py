"""A resident proves an account; a stranger who guesses is stopped, whatever he does with cookies."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory, override_settings

from metercash.platform import tenancy
from metercash.platform.access import guesses
from metercash.project.middleware import ProxiedAddress
from tests.support.payments import open_accounts


PROOF = {"account_no": "10000001", "name": "王乙1", "phone_tail": "0001"}


@pytest.fixture
def code(tenant, now):
    open_accounts(2, now)
    return tenancy.Tenant.objects.get(id=tenant).code


def bind(code, client=None, **changes):
    client = client or Client(SERVER_NAME="localhost")
    return client.post(f"/m/{code}/bind/", PROOF | changes)


class TestBind:
    def test_shows_the_account_to_who_proves_it(self, code):
        client = Client(SERVER_NAME="localhost")
        assert bind(code, client).status_code == 302
        assert "10000001" in client.get(f"/m/{code}/").content.decode()

    @pytest.mark.parametrize(
        "changes", [{"name": "王甲"}, {"phone_tail": "9999"}, {"account_no": "404"}, {"name": ""}]
    )
    def test_never_tells_what_was_wrong(self, code, changes):
        refused = bind(code, **changes)
        assert refused.status_code == 422
        assert "户号、户名与登记手机号不一致" in refused.content.decode()

    def test_stops_a_session_that_guesses(self, code):
        client = Client(SERVER_NAME="localhost")
        for number in range(8):
            bind(code, client, phone_tail=f"{number + 100:04d}")
        assert "尝试次数过多" in bind(code, client).content.decode()

    def test_stops_guesses_at_one_account_without_cookies(self, code, monkeypatch):
        monkeypatch.setattr(guesses, "FAILURES_MAX", 3)
        for number in range(3):
            bind(code, phone_tail=f"{number + 100:04d}")
        assert "尝试次数过多" in bind(code).content.decode()
        assert bind(code, account_no="10000002", name="王丙2", phone_tail="0002").status_code == 302

    def test_forgets_guesses_after_a_day(self, code, now, monkeypatch):
        monkeypatch.setattr(guesses, "FAILURES_MAX", 1)
        guesses.record(subject="bind:1", address="", succeeded=False, now=now)
        assert guesses.exhausted(subject="bind:1", now=now + timedelta(hours=23))
        assert not guesses.exhausted(subject="bind:1", now=now + timedelta(hours=25))

    @pytest.mark.parametrize("chosen", ["404404", "x", "-1", ""])
    def test_an_account_that_was_not_proved_is_never_shown(self, code, chosen):
        client = Client(SERVER_NAME="localhost")
        bind(code, client)
        assert client.post(f"/m/{code}/switch/", {"account_id": chosen}).status_code == 302
        assert "10000001" in client.get(f"/m/{code}/").content.decode()

    def test_forgets_an_account_on_demand(self, code):
        client = Client(SERVER_NAME="localhost")
        bind(code, client)
        client.post(f"/m/{code}/switch/", {"unbind": "1"})
        assert client.get(f"/m/{code}/").status_code == 302


class TestProxiedAddress:
    def seen(self, peer, forwarded, *, https=True):
        told = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
        request = RequestFactory().get("/", REMOTE_ADDR=peer, **told)
        with override_settings(HTTPS=https):
            ProxiedAddress(lambda got: got)(request)
        return request.META["REMOTE_ADDR"]

    def test_is_the_one_our_proxy_added(self):
        assert self.seen("127.0.0.1", "6.6.6.6, 203.0.113.9") == "203.0.113.9"

    def test_is_the_peer_where_no_proxy_of_ours_stands_in_front(self):
        assert self.seen("198.51.100.7", "203.0.113.9") == "198.51.100.7"
        assert self.seen("127.0.0.1", "203.0.113.9", https=False) == "127.0.0.1"
        assert self.seen("127.0.0.1", None) == "127.0.0.1"

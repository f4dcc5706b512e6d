"""Work done in the console without a browser: prices by two people, readings, users, one's own password."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.test import Client, override_settings

from metercash.contexts.billing import api as billing
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import PartyInput
from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import NewInstallation
from metercash.contexts.tariffs import api as tariffs
from metercash.kernel.interval import Interval
from metercash.platform import tenancy
from metercash.platform.access import Role, api
from metercash.proof.bill import verify
from tests.integration.interfaces.test_tenants_apart import PASSWORD, _signed_in
from tests.integration.metering.conftest import wide
from tests.support import homes


DAY = date(2026, 1, 5)


def code_of(tenant):
    return tenancy.Tenant.objects.get(id=tenant).code


class TestPrices:
    def draft(self, client, text):
        return client.post("/console/prices/new/", {"text": text})

    def test_become_public_by_two_people(self, tenant):
        officer, manager = (
            _signed_in(tenant, role) for role in (Role.TARIFF_OFFICER, Role.MANAGER)
        )
        text = homes.text_of("harbin", "harbin-heat-residential")
        page = self.draft(officer, text)["Location"]
        officer.post(f"{page}submit/")
        officer.post(f"{page}approve/")
        officer.post(f"{page}publish/")
        assert tariffs.public_documents() == []
        manager.post(f"{page}approve/")
        manager.post(f"{page}publish/")
        [public] = tariffs.public_documents()
        assert (
            public.citation
            in Client(SERVER_NAME="localhost").get(f"/m/{code_of(tenant)}/prices/").content.decode()
        )
        shown = officer.get(page).content.decode()
        assert public.citation in shown
        assert (
            public.citation
            in officer.get(f"/console/prices/new/?from={public.document_id}").content.decode()
        )

    @pytest.mark.parametrize("text", ["", "a: [", "code: x\nnonsense: 1\n"])
    def test_mistakes_are_named_and_nothing_is_kept(self, tenant, text):
        officer = _signed_in(tenant, Role.TARIFF_OFFICER)
        assert self.draft(officer, text).status_code == 200
        assert tariffs.list_documents() == []


class TestPreview:
    def test_shows_what_each_holder_would_be_billed_and_keeps_nothing(self, tenant, now):
        homes.publish(now, homes.text_of("harbin", "harbin-heat-residential"))
        home = homes.home(1, "HEAT", "harbin-heat-residential", now)
        customers.change_owner(
            account_id=home.account_id, party=PartyInput("新房主"), on=date(2026, 1, 20)
        )
        biller = _signed_in(tenant, Role.BILLER)
        address = f"/console/customers/{home.account_id}/preview/"
        assert "试算" in biller.get(address).content.decode()
        period = {"first": "2025-10-20", "last": "2026-04-20"}
        shown = biller.get(address, period).content.decode()
        assert shown.count('class="steps"') == 2
        assert "新房主" in shown
        assert billing.bill_totals().bills == 0

    @pytest.mark.parametrize(
        ("period", "said"),
        [
            ({"first": "2026-01-02", "last": "2026-01-01"}, "不能早于账期起"),
            ({"first": "x", "last": "2026-01-01"}, "请填写日期"),
            ({"first": "2001-01-01", "last": "2001-02-01"}, "没有有效的用能协议"),
        ],
    )
    def test_refuses_in_words(self, tenant, now, period, said):
        homes.publish(now, homes.text_of("harbin", "harbin-heat-residential"))
        home = homes.home(1, "HEAT", "harbin-heat-residential", now)
        biller = _signed_in(tenant, Role.BILLER)
        shown = biller.get(f"/console/customers/{home.account_id}/preview/", period)
        assert said in shown.content.decode()


class TestReadings:
    @pytest.fixture
    def meter(self, tenant, now, tmp_path):
        made = homes.home(1, "POWER", "plan-p", now)
        metering.install_devices(
            installations=[NewInstallation(made.service_point_id, "E0", date(2025, 11, 1))]
        )
        with override_settings(METERCASH_READINGS=str(tmp_path)):
            yield made

    def send(self, client, content, name="曲线.csv"):
        file = io.BytesIO(content)
        file.name = name
        said = client.post("/console/readings/import/", {"file": file}, follow=True)
        return said.content.decode()

    def test_of_registers_are_typed_in(self, tenant, meter):
        reader = _signed_in(tenant, Role.METER_READER)
        address = f"/console/readings/{meter.account_id}/"
        form = {"device_no": "E0", "read_on": "2026-01-05", "value": "１,234.5"}
        said = reader.post(f"{address}read/", {**form, "register": "REACTIVE"}, follow=True)
        assert "示数已录入" in said.content.decode()
        reader.post(f"{address}read/", {**form, "value": "7"})
        kept = metering.register_reads(service_point_id=meter.service_point_id)
        assert {(read.register_label, read.value_milli) for read in kept} == {
            ("正向无功", 1_234_500), ("有功", 7_000),
        }  # fmt: skip
        shown = reader.get(address).content.decode()
        assert "正向无功" in shown
        for value in ("", "-1", "1.2345", "abc"):
            refused = reader.post(f"{address}read/", {**form, "value": value}, follow=True)
            assert "最多三位小数" in refused.content.decode()
        assert len(metering.register_reads(service_point_id=meter.service_point_id)) == 2

    def test_of_announced_days_are_kept_with_their_evidence(self, tenant, meter):
        reader = _signed_in(tenant, Role.METER_READER)
        address = "/console/readings/announce/"
        form = {"name": "hot", "day": "2026-01-05", "evidence": "气象台公告"}
        page = "/console/readings/?day=2026-01-05"
        reader.post(address, {**form, "evidence": ""})
        assert "气象台公告" not in reader.get(page).content.decode()
        reader.post(address, form)
        assert "气象台公告" in reader.get(page).content.decode()
        period = Interval(DAY, DAY + timedelta(days=1))
        [one] = metering.announcements(period=period)
        withdraw = f"{address}{one.announcement_id}/withdraw/"
        reader.post(withdraw, {"note": ""})
        assert metering.announcements(period=period) == [one]
        reader.post(withdraw, {"note": "公告更正"})
        assert metering.announcements(period=period) == []

    def test_are_taken_in_and_drawn(self, tenant, meter):
        reader = _signed_in(tenant, Role.METER_READER)
        content = wide({("E0", DAY): np.full(96, 0.25), ("E9", DAY): np.full(96, 1.0)}, "csv")
        assert "读入 192，接收 96，拒绝 96" in self.send(reader, content)
        address = f"/console/readings/{meter.account_id}/"
        period = {"first": "2026-01-05", "last": "2026-01-05"}
        assert "E0" in reader.get(address, period).content.decode()
        curve = reader.get(f"{address}curve/", period).json()
        assert (len(curve["labels"]), set(curve["actual"]), curve["unit"]) == (96, {0.25}, "kWh")
        assert "E9" not in reader.get(f"/console/readings/?day={DAY}").content.decode()

    def test_refuses_in_words(self, tenant, meter):
        reader = _signed_in(tenant, Role.METER_READER)
        assert "只接受 CSV" in self.send(reader, b"x", "a.pdf")
        nothing = reader.post("/console/readings/import/", {}, follow=True).content.decode()
        assert "请选择要上传的" in nothing


class TestUsers:
    def test_one_makes_the_user_and_another_gives_the_role(self, tenant):
        maker, giver = (
            _signed_in(tenant, role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
        )
        form = {"username": "lijing", "display_name": "李静"}
        said = maker.post("/console/users/new/", form, follow=True).content.decode()
        assert "/console/first-password/" in said
        [user] = [user for user in api.list_users() if user.username == "lijing"]
        address = f"/console/users/{user.user_id}"
        assert maker.post(f"{address}/roles/", {"role": "COUNTER_CLERK"}).status_code == 403
        giver.post(f"{address}/roles/", {"role": ["COUNTER_CLERK", "KING"]})
        giver.post(f"{address}/roles/", {"role": ["COUNTER_CLERK", "AUDITOR"]})
        maker.post(f"{address}/active/", {"active": "0"})
        [user] = [user for user in api.list_users() if user.username == "lijing"]
        assert (user.roles, user.is_active) == ((Role.COUNTER_CLERK,), False)


class TestSession:
    def sign_in(self, tenant, password=PASSWORD, **more):
        client = Client(SERVER_NAME="localhost")
        form = {"tenant": code_of(tenant), "username": "biller", "password": password, **more}
        return client, client.post("/console/sign-in/", form)

    @pytest.mark.parametrize(
        ("wanted", "reached"),
        [
            ("/console/bills/", "/console/bills/"),
            ("https://evil.example/", "/console/"),
            ("//evil.example/", "/console/"),
            ("javascript:alert(1)", "/console/"),
        ],
    )
    def test_goes_on_only_within_the_house(self, tenant, wanted, reached):
        _signed_in(tenant, Role.BILLER)
        assert self.sign_in(tenant, next=wanted)[1]["Location"] == reached

    def test_changes_the_password_of_who_knows_it(self, tenant):
        client = _signed_in(tenant, Role.BILLER)
        new = "Neues-Wort-2026-Xue"
        for form, said in (
            ({"current": "x", "password": new, "again": new}, "原密码不正确"),
            ({"current": PASSWORD, "password": new, "again": "y"}, "不一致"),
            ({"current": PASSWORD, "password": "short", "again": "short"}, "密码"),
        ):
            assert said in client.post("/console/profile/", form).content.decode()
        changed = {"current": PASSWORD, "password": new, "again": new}
        assert client.post("/console/profile/", changed).status_code == 302
        assert client.get("/console/bills/").status_code == 302
        assert self.sign_in(tenant)[1].status_code == 401
        assert self.sign_in(tenant, password=new)[1].status_code == 302

    def test_first_password_must_be_typed_twice_alike(self, tenant):
        user = api.create_user(username="new", display_name="新", roles=[], password=None)
        secret = api.issue_one_time_token(user_id=user.user_id, now=datetime.now(UTC))
        client = Client(SERVER_NAME="localhost")
        form = {"tenant": code_of(tenant), "password": PASSWORD, "again": "x"}
        page = client.post(f"/console/first-password/{secret}/", form)
        assert "不一致" in page.content.decode()
        stranger = client.post(
            f"/console/first-password/{secret}/",
            form | {"again": PASSWORD, "tenant": "nobody"},
        )
        assert stranger.status_code == 200
        good = form | {"again": PASSWORD}
        assert client.post(f"/console/first-password/{secret}/", good).status_code == 302

    def test_ends_on_demand(self, tenant):
        client = _signed_in(tenant, Role.BILLER)
        assert client.get("/console/").status_code == 302
        client.post("/console/sign-out/")
        assert "sign-in" in client.get("/console/bills/")["Location"]


class TestBillProofs:
    def test_are_downloaded_and_can_be_verified(self, tenant, now):
        homes.publish(now, homes.text_of("harbin", "harbin-heat-residential"))
        home = homes.home(1, "HEAT", "harbin-heat-residential", now)
        bill = home.billed(Interval(date(2025, 10, 20), date(2026, 4, 20)), now)
        biller = _signed_in(tenant, Role.BILLER)
        link = f"/console/bills/{bill.bill_id}/proof/"
        assert link in biller.get(f"/console/bills/{bill.bill_id}/").content.decode()
        document = json.loads(biller.get(link).content)
        assert verify(document) == []
        assert document["bill_no"] == bill.bill_no

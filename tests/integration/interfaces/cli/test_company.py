"""Commands about the installation, its companies, their people, mail and readings."""

import json
import signal
import subprocess
import sys
from datetime import date

import httpx
import numpy as np
import pytest
from django.test import Client, override_settings

from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import NewInstallation
from metercash.contexts.notifications import api as notifications
from metercash.interfaces.cli import doctor, start
from metercash.interfaces.cli.demo import servers
from metercash.platform import tenancy
from metercash.platform.jobs import schedule
from metercash.project import walls_check
from tests.integration.interfaces.cli.conftest import DAY, NOBODY
from tests.integration.metering.conftest import wide
from tests.support import mail
from tests.support.homes import home as new_home


class TestTenant:
    def test_adds_and_lists(self, run, database):
        added = run("tenant", "add", "added", "新公司", "--kind", "POWER", "--json").json
        assert (added["code"], added["kind"]) == ("added", "POWER")
        assert added in run("tenant", "list", "--json").json
        assert "新公司" in run("tenant", "list").out

    def test_refuses_a_kind_or_a_code_twice(self, run, code):
        told = run("tenant", "add", "x", "某公司", "--kind", "WATER")
        assert (told.code, "HEAT 或 POWER" in told.err) == (1, True)
        told = run("tenant", "add", code, "某公司")
        assert (told.code, f"{code} 已存在" in told.err) == (1, True)

    def test_must_be_named_where_there_are_several(self, run, tenant, other_tenant):
        told = run("ledger", "verify")
        assert (told.code, "--tenant" in told.err) == (1, True)

    def test_switches_reminders(self, run, tenant, code):
        told = run("tenant", "reminders", "on", "--tenant", code, "--json")
        assert told.json == {"automatic_reminders": "on"}
        assert tenancy.Tenant.objects.get(id=tenant).settings["automatic_reminders"] is True
        assert run("tenant", "reminders", "maybe", "--tenant", code).code == 1


class TestTenantMail:
    @pytest.fixture
    def sink(self):
        server = mail.Sink(password="very-secret")
        server.start()
        yield server
        server.stop()

    def test_sets_the_server_and_sends_a_test(self, run, code, sink, tmp_path):
        secret = tmp_path / "password"
        secret.write_text("very-secret\n")
        told = run(
            *("tenant", "mail", code, "--host", "127.0.0.1", "--port", sink.port),
            *("--security", "NONE", "--username", "u", "--password-file", secret),
            *("--sender", "heat@example.com", "--test", "me@example.com", "--json"),
        )
        assert told.json["host"] == "127.0.0.1"
        assert "very-secret" not in told.out + told.err
        assert [message["To"] for message in sink.taken] == ["me@example.com"]

    def test_without_options_shows_and_changes_nothing(self, run, code):
        before = notifications.mail_setup()
        assert run("tenant", "mail", code, "--json").json["transport"] == before.transport
        assert notifications.mail_setup() == before

    def test_tells_when_the_server_says_no(self, run, code, sink):
        sink.refusal = "550 5.1.1 nobody of that name"
        told = run(
            *("tenant", "mail", code, "--host", "127.0.0.1", "--port", sink.port),
            *("--security", "NONE", "--sender", "heat@example.com", "--test", "me@example.com"),
        )
        assert (told.code, sink.taken) == (1, [])

    def test_refuses_another_transport(self, run, code):
        assert run("tenant", "mail", code, "--transport", "PIGEON").code == 1


class TestUser:
    def test_adds_lists_and_prints_the_first_address(self, run, code):
        told = run(
            *("user", "add", "lijing", "李静", "--role", "COUNTER_CLERK", "--role", "COLLECTOR"),
            *("--tenant", code, "--json"),
        )
        assert set(told.json["user"]["roles"]) == {"COUNTER_CLERK", "COLLECTOR"}
        assert "/console/first-password/" in told.json["first_password"]
        [listed] = run("user", "list", "--tenant", code, "--json").json
        assert listed["username"] == "lijing"
        assert "李静" in run("user", "list", "--tenant", code).out

    @pytest.mark.parametrize(
        "roles", [(), ("--role", "KING"), ("--first", "--role", "COUNTER_CLERK")]
    )
    def test_refuses_roles_that_do_not_exist(self, run, code, roles):
        told = run("user", "add", "lijing", "李静", *roles, "--tenant", code)
        assert (told.code, told.out) == (1, "")
        assert run("user", "list", "--tenant", code, "--json").json == []


class TestToken:
    def accounts(self, token):
        client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
        return client.get("/api/v1/accounts").status_code

    def test_lets_a_program_in_until_it_is_revoked(self, run, code):
        made = run(
            *("token", "add", "财务系统", "--scope", "customers:read", "--tenant", code, "--json")
        ).json
        assert self.accounts(made["token"]) == 200
        listed = run("token", "list", "--tenant", code, "--json")
        [row] = listed.json
        assert (row["name"], row["scopes"], row["revoked_at"]) == (
            "财务系统",
            ["customers:read"],
            None,
        )
        assert made["token"].rpartition(".")[2] not in listed.out
        for _ in range(2):
            assert run("token", "revoke", row["token_id"], "--tenant", code).code == 0
        assert self.accounts(made["token"]) == 401

    @pytest.mark.parametrize(
        ("arguments", "ended"),
        [
            (("add", "x", "--scope", "money:print"), 1),
            (("add", " ", "--scope", "billing:read"), 1),
            (("add", "x"), 2),
            (("add", "x", "--scope", "billing:read", "--days", "0"), 2),
            (("revoke", "404404404"), 1),
        ],
    )
    def test_refuses_scopes_and_tokens_that_do_not_exist(self, run, code, arguments, ended):
        assert run("token", *arguments, "--tenant", code).code == ended
        assert run("token", "list", "--tenant", code, "--json").json == []


class TestReadings:
    @pytest.fixture
    def meter(self, tenant, now, tmp_path):
        """A customer of electricity with the meter E0."""
        made = new_home(1, "POWER", "plan-p", now)
        metering.install_devices(
            installations=[NewInstallation(made.service_point_id, "E0", date(2025, 11, 1))]
        )
        with override_settings(METERCASH_READINGS=str(tmp_path / "readings")):
            yield made

    def file(self, tmp_path, day=DAY, meter="E0"):
        file = tmp_path / "曲线.csv"
        file.write_bytes(wide({(meter, day): np.full(96, 0.25)}, "csv"))
        return file

    def test_imports_then_shows_rate_and_curve(self, run, meter, code, tmp_path):
        file = self.file(tmp_path)
        report = run("import", "readings", file, "--tenant", code, "--json").json
        assert (report["read"], report["accepted"], report["refused"]) == (96, 96, 0)
        rate = run("readings", "rate", DAY, "--tenant", code, "--json").json
        assert (rate["expected"], rate["received"]) == (1, 1)
        curve = run(
            *("readings", "curve", "10000001", DAY, "2026-01-06", "--tenant", code, "--json")
        ).json
        assert sum(point["milli"] for point in curve) == 24_000
        assert run("readings", "rate", DAY, "--tenant", code).code == 0

    def test_announces_a_day_and_withdraws_it(self, run, meter, code):
        of = ("--tenant", code, "--json")
        made = run("readings", "announce", "hot", DAY, "--evidence", "气象台公告", *of).json
        [shown] = run("readings", "announcements", DAY, "2026-01-06", *of).json
        assert (shown["name"], shown["announcement_id"]) == ("hot", made["announcement_id"])
        run("readings", "withdraw", made["announcement_id"], "--note", "登记错日期", *of)
        assert run("readings", "announcements", DAY, "2026-01-06", *of).json == []

    def test_refuses_readings_of_an_unknown_meter(self, run, meter, code, tmp_path):
        told = run("import", "readings", self.file(tmp_path, meter="E9"), "--tenant", code)
        assert told.code == 3

    def test_refuses_a_file_without_readings(self, run, meter, code, tmp_path):
        file = tmp_path / "曲线.csv"
        file.write_text("a,b\n1,2\n")
        told = run("import", "readings", file, "--tenant", code)
        assert (told.code, told.out) == (1, "")

    def test_refuses_an_unknown_account_or_an_empty_period(self, run, meter, code):
        assert run("readings", "curve", "404", DAY, "2026-01-06", "--tenant", code).code == 1
        assert run("readings", "rate", "today", "--tenant", code).code == 2


class TestDoctor:
    @pytest.fixture(autouse=True)
    def never_run(self, monkeypatch):
        """Other tests leave routines behind; here no worker has run yet."""
        monkeypatch.setattr(schedule, "standing", list)

    def test_finds_everything_well(self, run, database):
        found = {one["check"]: one for one in run("doctor", "--json").json}
        assert found["tenant walls"]["ok"]
        assert found["routines"]["detail"] == "no worker has run yet"
        assert {"python", "postgresql", "disk", "CJK font for bills"} <= set(found)

    def test_ends_with_three_when_the_wall_is_down(self, run, database, monkeypatch):
        monkeypatch.setattr(walls_check, "problems", lambda connection: ["table x lacks it"])
        told = run("doctor", "--json")
        [wall] = [one for one in told.json if one["check"] == "tenant walls"]
        assert (told.code, wall["ok"], wall["detail"]) == (3, False, "table x lacks it")

    def test_ends_with_three_when_the_disk_is_full(self, run, database, monkeypatch):
        monkeypatch.setattr(doctor, "DISK_FREE_MIN", 2**62)
        told = run("doctor")
        assert (told.code, "GiB free" in told.out) == (3, True)


class TestServe:
    def test_refuses_without_walls(self, run, database, monkeypatch):
        monkeypatch.setattr(walls_check, "problems", lambda connection: ["table x lacks it"])
        for command in ("serve", "worker"):
            told = run(command)
            assert (told.code, "table x lacks it" in told.err) == (1, True)

    def test_migrate_is_done_already(self, run, database):
        assert run("migrate", "--json").json["migrated"] is True


class TestProcess:
    """The command in a process of its own, as an operator starts it."""

    def command(self, *arguments):
        return [sys.executable, "-m", "metercash", *arguments]

    def test_prints_only_json_on_standard_output(self, code):
        ended = subprocess.run(
            self.command("ledger", "verify", "--tenant", code, "--json"),
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (ended.returncode, json.loads(ended.stdout)["ok"]) == (0, True)

    def test_refuses_in_both_languages_without_a_trace(self, database):
        ended = subprocess.run(
            self.command("ledger", "verify", "--tenant", NOBODY),
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stdout) == (1, "")
        assert NOBODY in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_ends_without_a_trace_when_nobody_reads(self, code):
        running = subprocess.Popen(
            self.command("tenant", "list", "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()
        assert running.wait(60) == 1

    def test_serves_pages_and_the_simulator_until_stopped(self, database):
        pages, provider = servers.free_port(0), servers.free_port(0)
        commands = (
            self.command("serve", "--port", str(pages), "--processes", "1"),
            self.command("simulate", "wechat", "--port", str(provider), "--json"),
        )
        running = [subprocess.Popen(command, stdout=subprocess.PIPE) for command in commands]
        try:
            servers._wait(f"http://127.0.0.1:{pages}/readyz", what="pages")
            base = json.loads(_document(running[1]))["base_url"]
            assert httpx.get(f"{base}/pay/nobody", trust_env=False).status_code == 404
            alive = httpx.get(f"http://127.0.0.1:{pages}/healthz", trust_env=False)
            assert alive.json() == {"status": "ok"}
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.communicate(timeout=30)


class TestHelp:
    GROUPS = (
        "serve", "worker", "migrate", "tenant", "import", "readings", "bill", "pay", "reconcile",
        "late-fee", "ledger", "user", "token", "doctor", "simulate", "demo",
    )  # fmt: skip

    def test_names_every_command(self, run):
        told = run("--help")
        assert told.code == 0
        assert [name for name in self.GROUPS if name not in told.out] == []

    def test_unknown_command_is_wrong_usage(self, run):
        assert run("dance").code == 2


def _document(process):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.strip() == b"}":
            break
    return b"".join(lines)


def test_the_clock_is_read_in_utc():
    assert start.now().utcoffset().total_seconds() == 0

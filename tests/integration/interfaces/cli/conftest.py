"""The ``metercash`` command as a shell runs it: arguments in, text and an exit code out."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from metercash.contexts.payments import api as payments
from metercash.interfaces.cli import main, start
from metercash.interfaces.simulators import wechat as simulator
from metercash.kernel.interval import Interval
from metercash.platform import tenancy
from metercash.platform.access import Role
from metercash.platform.access import api as access
from tests.support import homes


DAY = date(2026, 1, 5)
SEASON = Interval(date(2025, 10, 20), date(2026, 4, 20))
NOBODY = "no-such-company"


@dataclass(frozen=True)
class Told:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on standard output, which holds nothing else."""
        assert self.code in {0, 3}, self.err
        return json.loads(self.out)


Command = Callable[..., Told]


@pytest.fixture
def run(
    database: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Run a command in this process."""
    monkeypatch.setattr(start, "_ready", True)
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: object) -> Told:
        monkeypatch.setattr(sys, "argv", ["metercash", *(str(one) for one in arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.run()
        said = capfd.readouterr()
        return Told(int(ended.value.code or 0), said.out, said.err)

    return command


@pytest.fixture
def code(tenant: int) -> str:
    """The company's code."""
    return str(tenancy.Tenant.objects.get(id=tenant).code)


@pytest.fixture
def clerk(tenant: int) -> str:
    """A user who answers for what is done."""
    access.create_user(
        username="hesuan", display_name="核算", roles=[Role.BILLER], password="Kuai-Le-2026-Xue"
    )
    return "hesuan"


@pytest.fixture
def home(tenant, now) -> homes.Home:
    """A home billed by area under a published price."""
    homes.publish(now - timedelta(days=120), homes.text_of("harbin", "harbin-heat-residential"))
    return homes.home(1, "HEAT", "harbin-heat-residential", now - timedelta(days=100))


@pytest.fixture
def provider(tmp_path_factory):
    running = simulator.run(tmp_path_factory.mktemp("simulator"))
    yield running
    running.close()


@pytest.fixture
def merchant(tenant, provider):
    """The company's account at the simulated provider."""
    payments.configure_provider(
        **simulator.provider_account(
            provider.keys.folder.parent.parent,
            provider.base_url,
            "",
            merchant_id=f"19{tenant:08d}",
        )
    )
    return provider

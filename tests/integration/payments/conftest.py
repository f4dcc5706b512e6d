"""A simulator for the module; a merchant for each tenant."""

import pytest

from metercash.contexts.payments import api as payments
from metercash.interfaces.simulators import wechat as simulator
from tests.support import payments as support


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    running = simulator.run(tmp_path_factory.mktemp("simulator"))
    yield running
    running.close()


@pytest.fixture
def merchant(tenant, provider, now):
    """The tenant's merchant account; its notifications are delivered by the test itself."""
    provider.book.faults.clear()
    arguments = simulator.provider_account(
        provider.keys.folder.parent.parent,
        provider.base_url,
        "",
        merchant_id=f"19{tenant:08d}",
    )
    payments.configure_provider(**arguments)
    return provider


@pytest.fixture
def account_id(tenant, now):
    [made] = support.open_accounts(1, now)
    return made

"""The demo in miniature: one street a company, worked from meter to cash through real HTTP."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import override_settings

from metercash.contexts.ledger import api as ledger
from metercash.interfaces.cli.demo import city, command, servers
from metercash.interfaces.cli.demo.companies import HEAT_CODE, POWER_CODE
from metercash.platform import tenancy


@pytest.fixture
def small_city(monkeypatch, tmp_path):
    """Sixteen heated homes, half of them metered, and eight with electricity; a home folder of its own."""
    monkeypatch.setattr(city, "STREETS", city.STREETS[:4])
    monkeypatch.setattr(city, "POWER_STREETS", city.POWER_STREETS[:2])
    monkeypatch.setattr(city, "METERED_COMMUNITIES", 2)
    monkeypatch.setattr(city, "BUILDINGS_PER_COMMUNITY", 1)
    monkeypatch.setattr(city, "UNITS", 1)
    monkeypatch.setattr(city, "FLOORS", 2)
    # A process of its own would not see the small city.
    monkeypatch.setattr(command, "ProcessPoolExecutor", lambda **_: ThreadPoolExecutor(1))
    monkeypatch.setenv("METERCASH_HOME", str(tmp_path))
    with override_settings(METERCASH_READINGS=str(tmp_path / "readings")):
        yield tmp_path


class TestDemo:
    def test_is_sound_and_kept(self, run, small_city):
        first = run("demo", "--once", "--json", "--port", servers.free_port(0)).json
        assert first["sound"] is True
        assert set(first["addresses"]) >= {"工作人员", "供热居民", "供电居民"}
        for company in first["companies"]:
            assert company["stages"]
            assert 0 < company["rate_before_permille"] <= company["rate_after_permille"]
            with tenancy.bind(tenancy.Tenant.objects.get(code=company["code"]).id):
                assert ledger.verify().ok
        codes = [company["code"] for company in first["companies"]]
        assert codes == [HEAT_CODE, POWER_CODE]
        kept = json.loads((small_city / "demo.json").read_text())
        assert kept["funnel"] == first["funnel"]

        again = run("demo", "--once", "--port", servers.free_port(0))
        assert again.code == 0
        assert "北岭热力有限公司" in again.out

        (small_city / "demo.json").unlink()
        unfinished = run("demo", "--once", "--port", servers.free_port(0))
        assert (unfinished.code, "make clean-demo" in unfinished.err) == (1, True)

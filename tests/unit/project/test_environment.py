"""Settings come from the environment, are documented, and refuse nonsense clearly."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from metercash.project import environment


class TestSettings:
    def test_are_all_documented(self) -> None:
        page = (Path(__file__).parents[3] / "docs/reference/settings.md").read_text()
        for setting in environment.SETTINGS:
            assert f"| `{setting.name}` | {setting.meaning} |" in page


class TestFlag:
    def test_reads_zero_and_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("METERCASH_HTTPS", "1")
        assert environment.flag("METERCASH_HTTPS") is True

    def test_refuses_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("METERCASH_HTTPS", "yes")
        with pytest.raises(ImproperlyConfigured, match="METERCASH_HTTPS must be 0 or 1, not 'yes'"):
            environment.flag("METERCASH_HTTPS")


class TestNumber:
    @pytest.mark.parametrize("value", ["0", "65", "-1", "many", "1.5"])
    def test_refuses_what_is_out_of_bounds(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("METERCASH_POOL_MAX", value)
        with pytest.raises(ImproperlyConfigured, match="from 1 to 64"):
            environment.number("METERCASH_POOL_MAX", 8, low=1, high=64)


class TestChoice:
    def test_refuses_another_word(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("METERCASH_LOG", "xml")
        with pytest.raises(ImproperlyConfigured, match="json, console"):
            environment.choice("METERCASH_LOG", "console", ("json", "console"))


class TestDatabase:
    def test_reads_an_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://app:p%40ss@db.example:5433/metercash")
        assert environment.database("DATABASE_URL") == {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "metercash",
            "USER": "app",
            "PASSWORD": "p@ss",
            "HOST": "db.example",
            "PORT": "5433",
        }

    @pytest.mark.parametrize("address", ["mysql://x/y", "postgresql://host", "nonsense"])
    def test_refuses_other_databases(self, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
        monkeypatch.setenv("DATABASE_URL", address)
        with pytest.raises(ImproperlyConfigured, match="must look like postgresql://"):
            environment.database("DATABASE_URL")

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

    def test_without_an_address_names_a_database_only(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        assert environment.database("DATABASE_URL")["NAME"] == "metercash"


class TestDatabaseOptions:
    def test_passes_parameters_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        address = "postgresql://app@db/metercash?sslmode=verify-full&sslrootcert=%2Fetc%2Fdb.pem"
        monkeypatch.setenv("DATABASE_URL", address)
        assert environment.database_options("DATABASE_URL") == {
            "sslmode": "verify-full",
            "sslrootcert": "/etc/db.pem",
        }
        assert environment.database("DATABASE_URL")["NAME"] == "metercash"


class TestHome:
    def test_is_made_for_its_owner_alone(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("METERCASH_HOME", str(tmp_path / "new" / "home"))
        folder = environment.home()
        assert folder.stat().st_mode & 0o777 == 0o700


class TestSecretKey:
    def test_is_made_once_and_kept(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.delenv("METERCASH_SECRET_KEY", raising=False)
        monkeypatch.setenv("METERCASH_HOME", str(tmp_path))
        made = environment.secret_key()
        assert len(made) >= 48
        assert environment.secret_key() == made
        assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
        assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]

    def test_is_taken_from_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("METERCASH_SECRET_KEY", " given ")
        monkeypatch.setenv("METERCASH_HOME", str(tmp_path))
        assert environment.secret_key() == "given"
        assert list(tmp_path.iterdir()) == []

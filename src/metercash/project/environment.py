"""Where this installation lives: its home folder, its database, its secrets.

Everything comes from environment variables (``docs/reference/settings.md``); what is not set is made and
kept in the home folder.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Setting:
    """One documented environment variable."""

    name: str
    meaning: str
    default: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "METERCASH_HOME", "Folder that holds everything this installation keeps", "~/.metercash"
    ),
    Setting(
        "DATABASE_URL", "PostgreSQL for the application role; unset starts the embedded server", ""
    ),
    Setting("DATABASE_OWNER_URL", "The same database for the owner role, used by migrations", ""),
    Setting("PG_BIN", "Folder of PostgreSQL's programs for the embedded server", "the wheel's"),
    Setting(
        "METERCASH_READINGS",
        "Folder or object-store address of the reading store",
        "<home>/readings",
    ),
    Setting(
        "METERCASH_SECRET_KEY",
        "Key that signs sessions and forms and seals stored secrets",
        "made once in <home>",
    ),
    Setting(
        "METERCASH_FORMER_SECRET_KEYS",
        "Earlier values of that key, separated by commas: what they signed still verifies",
        "",
    ),
    Setting(
        "METERCASH_HOSTS", "Host names served, separated by commas", "localhost,127.0.0.1,[::1]"
    ),
    Setting("METERCASH_HTTPS", "1 when a proxy serves https: secure cookies and HSTS", "0"),
    Setting(
        "METERCASH_BASE_URL", "Address residents and providers reach us at", "http://127.0.0.1:8000"
    ),
    Setting(
        "METERCASH_SMTP_URL",
        "smtp://user:password@host:port for e-mail (also smtp+starttls://, smtps://) of companies "
        "that set no server of their own; unset writes files",
        "",
    ),
    Setting("METERCASH_LOG", "Log form: json or console", "console"),
    Setting(
        "METERCASH_LOG_LEVEL", "info logs every request, warning only what needs a look", "info"
    ),
    Setting("METERCASH_POOL_MAX", "Database connections kept by one process, 1 to 64", "8"),
)


def text(name: str, default: str = "") -> str:
    """A setting as text."""
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """A setting that is 0 or 1.

    Raises:
        ImproperlyConfigured: for anything else.
    """
    value = text(name, "0")
    if value not in {"0", "1"}:
        msg = f"{name} must be 0 or 1, not {value!r}"
        raise ImproperlyConfigured(msg)
    return value == "1"


def number(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number within bounds.

    Raises:
        ImproperlyConfigured: if it is no number or out of bounds.
    """
    value = text(name, str(default))
    if not value.isdecimal() or not low <= int(value) <= high:
        msg = f"{name} must be a whole number from {low} to {high}, not {value!r}"
        raise ImproperlyConfigured(msg)
    return int(value)


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    """One of a few words.

    Raises:
        ImproperlyConfigured: for any other.
    """
    value = text(name, default)
    if value not in options:
        msg = f"{name} must be one of {', '.join(options)}, not {value!r}"
        raise ImproperlyConfigured(msg)
    return value


def home() -> Path:
    """The home folder, made with access for its owner alone."""
    folder = Path(text("METERCASH_HOME", "~/.metercash")).expanduser().absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """The signing key from the environment, or one made once and kept in the home folder."""
    given = text("METERCASH_SECRET_KEY")
    if given:
        return given
    file = home() / "secret.key"
    if not file.exists():
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()


def database(name: str) -> dict[str, object]:
    """Django's settings for the database address in a variable.

    Raises:
        ImproperlyConfigured: if the address is not a postgresql:// one.
    """
    url = text(name)
    if not url:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "metercash"}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        msg = f"{name} must look like postgresql://user:password@host:port/database"
        raise ImproperlyConfigured(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


def database_options(name: str) -> dict[str, str]:
    """Parameters behind the database address in a variable, for example ``sslmode``."""
    return dict(parse_qsl(urlsplit(text(name)).query, keep_blank_values=True))

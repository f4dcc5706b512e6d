"""The demo's staff: one person a role, each with a random password kept for its owner alone."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from metercash.platform.access import Role, api


PEOPLE: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("lijing", "李静", (Role.COUNTER_CLERK,)),
    ("zhoumin", "周敏", (Role.COUNTER_CLERK,)),
    ("hesuan", "何算", (Role.BILLER,)),
    ("cuifang", "崔芳", (Role.COLLECTOR,)),
    ("chaobiao", "赵标", (Role.METER_READER,)),
    ("caiwu", "蔡雯", (Role.FINANCE,)),
    ("jingli", "景莉", (Role.MANAGER,)),
    ("kefu", "柯芙", (Role.SERVICE_AGENT,)),
    ("jiage", "贾戈", (Role.TARIFF_OFFICER,)),
    ("xitong", "席彤", (Role.SYSTEM_ADMIN,)),
    ("anquan", "安全", (Role.SECURITY_ADMIN,)),
    ("shenji", "申吉", (Role.AUDITOR,)),
)


def hire() -> Mapping[str, int]:
    """Create the staff of the bound company.

    Returns:
        User ids by user name.
    """
    ids = {}
    for username, display_name, roles in PEOPLE:
        user = api.create_user(
            username=username,
            display_name=display_name,
            roles=roles,
            password=random_password(),
            must_change_password=False,
        )
        ids[username] = user.user_id
    return ids


def write_passwords(home: Path, company: str) -> None:
    """Give every user of the bound company a fresh password and keep them in a private file."""
    file = home / "demo-passwords.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    known[company] = {}
    for user in api.list_users():
        password = random_password()
        api.change_password(user_id=user.user_id, password=password)
        known[company][user.username] = {
            "password": password,
            "name": user.display_name,
            "roles": list(user.roles),
        }
    file.touch(mode=0o600)
    file.write_text(json.dumps(known, ensure_ascii=False, indent=2))


def passwords(home: Path) -> dict[str, dict[str, dict[str, object]]]:
    """What :func:`write_passwords` kept: company, user name, then password, name and roles."""
    file = home / "demo-passwords.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}


def random_password() -> str:
    """Easy to read and type, such as ``Krtv-4821-hmzq``; has no vowels, so it spells no forbidden word."""
    first, last = ("".join(secrets.choice(_CONSONANTS) for _ in range(4)) for _ in range(2))
    return f"{first.capitalize()}-{secrets.randbelow(9_000) + 1_000}-{last}"


_CONSONANTS = "bcdfghjkmnpqrstvwxz"

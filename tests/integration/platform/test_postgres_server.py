"""The embedded server: one per home, alive after every blow, closed to wrong passwords."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from metercash.platform.postgres import __main__ as shell
from metercash.platform.postgres import backup, processes, programs, server
from metercash.platform.postgres.errors import ProgramsMissing, VersionMismatch


DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = Path(tempfile.mkdtemp(prefix="mc-server-"))
    yield folder
    server.remove(folder)
    shutil.rmtree(folder)


def _ensure(home: str) -> tuple[int, int | None]:
    cluster = server.ensure(Path(home))
    return cluster.port, server.status(Path(home)).pid


class TestEnsure:
    @pytest.mark.parametrize(
        "folder",
        [
            "",
            pytest.param(
                str(DEBIAN_15),
                marks=pytest.mark.skipif(
                    not DEBIAN_15.is_dir(), reason="PostgreSQL 15 of Debian is not installed"
                ),
            ),
        ],
        ids=["wheel", "debian-15"],
    )
    def test_serves_both_roles_with_every_version(
        self, home: Path, folder: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if folder:
            monkeypatch.setenv("PG_BIN", folder)
        cluster = server.ensure(home)
        with psycopg.connect(cluster.dsn_owner) as owner:
            owner.execute("create table bill (id bigint primary key generated always as identity)")
        with psycopg.connect(cluster.dsn_app) as app:
            app.execute("insert into bill default values")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("truncate bill")
        with psycopg.connect(cluster.dsn_app) as app:
            assert app.execute(
                "select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user"
            ).fetchone() == (False, False, False)
            extensions = app.execute("select extname from pg_extension").fetchall()
            assert {("btree_gist",), ("pg_trgm",)} <= set(extensions)
            trigrams = app.execute("select cardinality(show_trgm('供热公司'))").fetchone()
            assert trigrams == (5,)

    def test_starts_one_server_for_eight_processes(self, home: Path) -> None:
        with multiprocessing.get_context("spawn").Pool(8) as pool:
            answers = pool.map(_ensure, [str(home)] * 8, chunksize=1)
        assert len(set(answers)) == 1
        data = server.status(home).data
        assert data is not None
        assert processes.postmaster(data) == answers[0][1]

    def test_serves_again_after_kill_with_every_committed_row(self, home: Path) -> None:
        cluster = server.ensure(home)
        with psycopg.connect(cluster.dsn_owner, autocommit=True) as owner:
            owner.execute("create table fact (id int primary key)")
            for number in range(200):
                owner.execute("insert into fact values (%s)", [number])
            before = server.status(home).pid
            assert before is not None
            os.kill(before, signal.SIGKILL)
        revived = server.ensure(home)
        assert revived.dsn_app == cluster.dsn_app
        assert server.status(home).pid != before
        with psycopg.connect(revived.dsn_app) as app:
            assert app.execute("select count(*), max(id) from fact").fetchone() == (200, 199)

    def test_starts_though_the_dead_server_is_a_zombie(self, home: Path) -> None:
        server.ensure(home)
        server.stop(home)
        data = server.status(home).data
        assert data is not None
        zombie = subprocess.Popen([sys.executable, "-c", ""])
        try:
            assert processes.wait_for(lambda: not processes.alive(zombie.pid), timeout_s=20)
            (data / "postmaster.pid").write_text(f"{zombie.pid}\n{data}\n")
            server.ensure(home)
        finally:
            zombie.wait()
        assert server.status(home).running

    def test_starts_though_the_number_belongs_to_another_process(self, home: Path) -> None:
        server.ensure(home)
        server.stop(home)
        data = server.status(home).data
        assert data is not None
        (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
        server.ensure(home)
        assert server.status(home).pid not in {None, os.getpid()}

    def test_outlives_the_process_that_started_it(self, home: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", "metercash.platform.postgres", "start", str(home)], check=True
        )
        first = server.status(home).pid
        server.ensure(home)
        assert server.status(home).pid == first

    def test_keeps_passwords_and_data_private(self, home: Path) -> None:
        cluster = server.ensure(home)
        data = server.status(home).data
        assert data is not None
        assert (home / "postgres.json").stat().st_mode & 0o777 == 0o600
        assert data.stat().st_mode & 0o077 == 0
        assert cluster.dsn_app not in repr(cluster)

    def test_refuses_data_of_another_major_version(self, home: Path) -> None:
        server.ensure(home)
        server.stop(home)
        data = server.status(home).data
        assert data is not None
        (data / "PG_VERSION").write_text("9\n")
        with pytest.raises(VersionMismatch, match="PostgreSQL 9"):
            server.ensure(home)
        assert not server.status(home).running

    def test_sets_data_aside_whose_passwords_were_deleted(self, home: Path) -> None:
        server.ensure(home)
        before = server.status(home)
        assert before.data is not None
        assert before.pid is not None
        (home / "postgres.json").unlink()
        cluster = server.ensure(home)
        with psycopg.connect(cluster.dsn_app) as app:
            assert app.execute("select 1").fetchone() == (1,)
        assert not processes.alive(before.pid)
        aside = list(before.data.parent.parent.glob(f"{before.data.parent.name}.lost-*"))
        assert len(aside) == 1
        assert (aside[0] / "data" / "PG_VERSION").exists()
        shutil.rmtree(aside[0])

    def test_names_the_folder_that_holds_no_programs(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PG_BIN", str(home))
        with pytest.raises(ProgramsMissing, match="PG_BIN"):
            server.ensure(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server another account")
class TestEnsureAsRoot:
    def test_runs_programs_that_lie_in_a_closed_folder(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = programs.find().folder.parent.parent
        closed = home / "closed"
        closed.mkdir(mode=0o700)
        shutil.copytree(package, closed / package.name)
        shutil.copytree(f"{package}.libs", closed / f"{package.name}.libs")
        monkeypatch.setenv("PG_BIN", str(closed / package.name / "pginstall" / "bin"))
        server.ensure(home)
        state = server.status(home)
        assert state.pid is not None
        assert Path(f"/proc/{state.pid}").stat().st_uid != 0
        assert closed.stat().st_mode & 0o777 == 0o700
        assert home.stat().st_mode & 0o777 == 0o700


class TestAccess:
    def test_refuses_a_wrong_password_and_a_missing_one(self, home: Path) -> None:
        cluster = server.ensure(home)
        place = f"host=127.0.0.1 port={cluster.port} dbname=metercash"
        for role in ("postgres", "metercash_owner", "metercash_app"):
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(f"{place} user={role} password=wrong")
            with pytest.raises(psycopg.OperationalError, match="no password supplied"):
                psycopg.connect(f"{place} user={role} passfile=/dev/null")


class TestStop:
    def test_stops_once_and_says_whether_it_did(self, home: Path) -> None:
        assert server.stop(home) is False
        server.ensure(home)
        assert server.stop(home) is True
        assert server.stop(home) is False
        assert server.status(home).running is False


class TestRemove:
    def test_leaves_nothing_behind(self, home: Path) -> None:
        server.ensure(home)
        data = server.status(home).data
        assert data is not None
        server.remove(home)
        assert not data.parent.exists()
        assert server.status(home).data is None


class TestBackup:
    def test_brings_every_row_back_through_the_walls(self, home: Path) -> None:
        cluster = server.ensure(home)
        with psycopg.connect(cluster.dsn_owner) as owner:
            owner.execute("create table walled (id int primary key, tenant_id bigint)")
            owner.execute("alter table walled enable row level security")
            owner.execute("alter table walled force row level security")
        with psycopg.connect(cluster.dsn_superuser) as superuser:
            superuser.execute("insert into walled select n, n % 2 from generate_series(1, 500) n")
        file = home / "metercash.backup"
        backup.backup(home, file)
        assert file.stat().st_mode & 0o777 == 0o600
        with psycopg.connect(cluster.dsn_superuser) as superuser:
            superuser.execute("delete from walled where id > 7")
        backup.restore(home, file)
        with psycopg.connect(cluster.dsn_superuser) as superuser:
            assert superuser.execute("select count(*) from walled").fetchone() == (500,)
        with psycopg.connect(cluster.dsn_app) as app:
            assert app.execute("select count(*) from walled").fetchone() == (0,)

    def test_refuses_a_file_that_is_no_backup_and_changes_nothing(self, home: Path) -> None:
        cluster = server.ensure(home)
        with psycopg.connect(cluster.dsn_owner) as owner:
            owner.execute("create table kept (id int)")
        file = home / "letter.txt"
        file.write_text("Dear Sir")
        with pytest.raises(backup.BackupFailed, match="pg_restore"):
            backup.restore(home, file)
        with psycopg.connect(cluster.dsn_owner) as owner:
            assert owner.execute("select count(*) from kept").fetchone() == (0,)


class TestShell:
    def test_starts_saves_brings_back_stops_and_removes(
        self, home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder, file = str(home), home / "saved.backup"
        assert shell.run(["status", folder]) == 3
        assert "not running" in capsys.readouterr().out
        assert shell.run(["start", folder]) == 0
        assert "running on 127.0.0.1:" in capsys.readouterr().out
        assert shell.run(["status", folder]) == 0
        assert shell.run(["backup", folder, str(file)]) == 0
        assert shell.run(["restore", folder, str(file)]) == 0
        assert shell.run(["stop", folder]) == 0
        assert shell.run(["status", folder]) == 3
        assert shell.run(["remove", folder]) == 0
        assert server.status(home).data is None

    def test_tells_what_went_wrong_and_how_it_is_used(
        self, home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert shell.run(["restore", str(home), str(home / "none.backup")]) == 1
        assert capsys.readouterr().err
        with pytest.raises(SystemExit) as ended:
            shell.run(["dance", str(home)])
        assert ended.value.code == 2

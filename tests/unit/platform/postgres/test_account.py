"""Where the server's files may lie, and who may reach them."""

import os
from pathlib import Path

import pytest

from metercash.platform.postgres import account as accounts
from metercash.platform.postgres import server, state
from metercash.platform.postgres.account import Account


STRANGER = Account(name="stranger", uid=54321, gid=54321, demoted=True)


class TestCanRun:
    def test_is_stopped_by_one_closed_parent(self, tmp_path: Path) -> None:
        inner = tmp_path / "closed" / "inner"
        inner.mkdir(parents=True)
        (tmp_path / "closed").chmod(0o700)
        assert STRANGER.can_run(inner) is False

    def test_needs_the_thing_to_exist(self, tmp_path: Path) -> None:
        assert STRANGER.can_run(tmp_path / "nowhere") is False


class TestPlace:
    def test_lies_in_the_home_of_an_ordinary_user(self, tmp_path: Path) -> None:
        me = Account(name="me", uid=os.getuid(), gid=os.getgid(), demoted=False)
        assert accounts.place(tmp_path, me) == tmp_path / "postgres"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server another account")
    def test_leaves_a_closed_home_closed(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        chosen = accounts.place(closed, STRANGER)
        assert closed not in chosen.parents
        assert closed.stat().st_mode & 0o777 == 0o700
        assert STRANGER.can_run(chosen.parent)
        assert chosen == accounts.place(closed, STRANGER)


class TestState:
    def test_returns_what_was_written_and_hides_passwords(self, tmp_path: Path) -> None:
        written = state.new(tmp_path)
        state.write(tmp_path, written)
        assert state.read(tmp_path) == written
        assert written.app_password not in repr(written)

    def test_is_nothing_before_the_first_server(self, tmp_path: Path) -> None:
        assert state.read(tmp_path) is None


class TestFromEnvironment:
    def test_leaves_a_named_server_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://app:secret@db.example:6432/utility")
        monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
        cluster = server.from_environment(tmp_path)
        assert (cluster.host, cluster.port, cluster.database) == ("db.example", 6432, "utility")
        assert cluster.embedded is False
        assert list(tmp_path.iterdir()) == []

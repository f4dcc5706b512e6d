"""Logs never carry personal data."""

import json
from collections.abc import Iterator

import pytest
import structlog

from metercash.project import logs


class TestHidePersonalData:
    def test_blanks_out_fields_that_name_a_person(self) -> None:
        event = logs.hide_personal_data(
            None, "info", {"event": "x", "phone": "13800000000", "n": 1}
        )
        assert event == {"event": "x", "phone": "[hidden]", "n": 1}


class TestConfigure:
    @pytest.fixture(autouse=True)
    def restored(self) -> Iterator[None]:
        before = structlog.get_config()
        yield
        structlog.configure(**before)

    def test_writes_one_json_object_an_event(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("METERCASH_LOG", "json")
        monkeypatch.setenv("METERCASH_LOG_LEVEL", "warning")
        logs.configure()
        structlog.get_logger().info("not_told")
        structlog.get_logger().warning("told", phone="13800000000", fen=5)
        said = capsys.readouterr()
        event = json.loads(said.err)
        assert said.out == ""
        assert (event["event"], event["phone"], event["fen"]) == ("told", "[hidden]", 5)
        assert (event["level"], event["timestamp"][-1]) == ("warning", "Z")

    def test_writes_readable_lines(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("METERCASH_LOG", "console")
        monkeypatch.setenv("METERCASH_LOG_LEVEL", "info")
        logs.configure()
        structlog.get_logger().info("told", fen=5)
        assert "told" in capsys.readouterr().err

"""Every act that is recorded has words for the people who read the trail."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import metercash
from metercash.interfaces.console import deeds
from metercash.platform.audit import Entry


SOURCES = [path.read_text("utf-8") for path in Path(metercash.__path__[0]).rglob("*.py")]
ACTIONS = sorted(
    {found for text in SOURCES for found in re.findall(r'action="([a-z_]+\.[a-z_.]+)"', text)}
)


def _entry(**detail: object) -> Entry:
    at = datetime(2026, 1, 20, tzinfo=UTC)
    return Entry(1, at, "李静", "", "payments.receipt.issue", "receipt:2026-1", detail)


class TestDeeds:
    @pytest.mark.parametrize("action", ACTIONS)
    def test_every_action_has_words(self, action: str) -> None:
        assert action in deeds.DEEDS
        assert any(action.startswith(area) for area in deeds.AREAS)

    def test_money_and_accounts_are_shown_as_people_write_them(self) -> None:
        shown = deeds.in_words(_entry(fen=123456, account_id=7), {7: "23010000007"})
        assert shown.action == "收款开收据"
        assert shown.subject == "收据 2026-1"
        assert shown.detail == (("金额", "1,234.56 元"), ("客户", "23010000007"))

    def test_a_word_that_is_missing_shows_the_code(self) -> None:
        assert deeds.subject_in_words("novelty:9") == "novelty 9"
        assert deeds.in_words(_entry(novelty="x"), {}).detail == (("novelty", "x"),)

    def test_an_empty_value_is_left_out(self) -> None:
        assert deeds.in_words(_entry(note="", bill_id=None), {}).detail == ()

    def test_roles_are_named(self) -> None:
        shown = deeds.in_words(_entry(after=["FINANCE", "MANAGER"]), {})
        assert shown.detail == (("改为", "财务、经理"),)

    def test_accounts_are_collected_once(self) -> None:
        entries = [_entry(account_id=7), _entry(credit_account_id=3), _entry(account_id=7)]
        assert deeds.accounts_of(entries) == [3, 7]


class TestActors:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("李静", "李静"),
            ("system", "系统"),
            ("job:collections.remind", "自动任务"),
            ("cli:wang", "服务器命令 wang"),
            ("api:财务系统", "程序 财务系统"),
        ],
    )
    def test_are_named_as_people_do(self, name: str, words: str) -> None:
        assert deeds.actor_in_words(name) == words

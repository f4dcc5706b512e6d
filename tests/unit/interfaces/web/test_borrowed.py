"""Words of the storeys below are known to the pages, and have English."""

import re

import pytest
from django.utils import translation

from metercash.contexts.billing.contracts import REASON_LABELS
from metercash.contexts.metering.contracts import FLAG_LABELS, METHOD_LABELS
from metercash.contexts.payments.contracts import BreakKind, OrderStatus
from metercash.interfaces.web import borrowed
from metercash.kernel.errors import InvalidInput, PermissionRefused
from metercash.platform.access.permissions import PERMISSION_NAMES


CHINESE = re.compile(r"[\u4e00-\u9fff]")
LISTED = [
    word
    for name, words in vars(borrowed).items()
    if name.isupper() and isinstance(words, tuple)
    for word in words
]
SPOKEN = [
    *REASON_LABELS.values(),
    *FLAG_LABELS.values(),
    *METHOD_LABELS.values(),
    *PERMISSION_NAMES.values(),
    *(kind.label for kind in BreakKind),
    *(status.label for status in OrderStatus),
]


class TestSaid:
    def test_has_english_for_every_word_listed(self) -> None:
        with translation.override("en"):
            assert [word for word in LISTED if CHINESE.search(borrowed.said(word))] == []

    def test_has_english_for_what_contexts_call_their_kinds(self) -> None:
        with translation.override("en"):
            assert [word for word in SPOKEN if CHINESE.search(borrowed.said(word))] == []

    @pytest.mark.parametrize(
        ("text", "english"),
        [
            ("单价（元/m²·供暖期）", "Price (yuan/m²·season)"),
            ("第2档电费", "Tier 2"),
            ("第3档加价（高峰）", "Tier 3 surcharge (Peak)"),
            ("2025-10-20 至 2026-04-20 采暖费", "2025-10-20 to 2026-04-20: heating"),
            ("2026-06-04违约金", "charged 2026-06-04"),
            ("桦林苑 3号楼", "桦林苑 3号楼"),
            ("", ""),
        ],
    )
    def test_takes_a_text_apart_and_leaves_names_alone(self, text: str, english: str) -> None:
        with translation.override("en"):
            assert borrowed.said(text) == english
        with translation.override("zh-hans"):
            assert borrowed.said(text) == text


class TestSentence:
    def test_says_the_field_and_the_fault_in_english(self) -> None:
        error = InvalidInput(field="对账日期", reason="请填写日期，例如 2026-01-20")
        with translation.override("en"):
            shown = borrowed.sentence(error)
        assert shown == "'Reconciliation day' is not valid: enter a date such as 2026-01-20"
        with translation.override("zh-hans"):
            assert borrowed.sentence(error).startswith("“对账日期”不正确")

    def test_names_a_permission_as_people_do(self) -> None:
        error = PermissionRefused(permission="audit.view", label="查看操作日志")
        with translation.override("en"):
            assert borrowed.sentence(error) == "You lack the permission 'See the audit log'."


class TestLarge:
    def test_counts_as_the_language_does(self) -> None:
        with translation.override("zh-hans"):
            assert borrowed.large(3_813_200_000) == "3,813.20"
        with translation.override("en"):
            assert borrowed.large(3_813_200_000) == "38,132.0"
            assert borrowed.large(-5_000) == "−0.1"

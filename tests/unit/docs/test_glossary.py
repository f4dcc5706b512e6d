"""The glossary has a row for every word of the screens' navigation, of roles and of states."""

from pathlib import Path

import pytest

from metercash.contexts.billing.contracts.values import REASON_LABELS
from metercash.contexts.customers import contracts as customers
from metercash.contexts.metering.contracts import FLAG_LABELS, METHOD_LABELS
from metercash.contexts.payments.contracts import BreakKind, OrderStatus
from metercash.interfaces.console.navigation import GROUPS
from metercash.platform.access import Role


GLOSSARY = (Path(__file__).parents[3] / "docs" / "glossary.md").read_text()
ROWS = [line.split("|")[1:3] for line in GLOSSARY.splitlines() if line.startswith("| ")]
WORDS = [word.strip() for word, _ in ROWS]


class TestGlossary:
    def test_says_each_thing_once_in_a_table(self) -> None:
        section: set[str] = set()
        for line in GLOSSARY.splitlines():
            if line.startswith("## "):
                section = set()
            if line.startswith("| "):
                word = line.split("|")[1].strip()
                assert word not in section, word
                section.add(word)

    @pytest.mark.parametrize("kind", [BreakKind, OrderStatus])
    def test_holds_every_label_beside_its_value(
        self, kind: type[BreakKind] | type[OrderStatus]
    ) -> None:
        for value in kind:
            assert f"| {value.label} | `{value}` |" in GLOSSARY

    def test_holds_every_reason(self) -> None:
        for reason, label in REASON_LABELS.items():
            assert f"| {label} | `{reason}` |" in GLOSSARY

    def test_holds_every_role(self) -> None:
        for role in Role:
            assert f"| `{role}` |" in GLOSSARY

    def test_names_flags_methods_and_classes_of_customers(self) -> None:
        labels = [*FLAG_LABELS.values(), *METHOD_LABELS.values()]
        labels += [*customers.COMMODITY_LABELS.values(), *customers.PARTY_KIND_LABELS.values()]
        assert [label for label in labels if label not in GLOSSARY] == []

    def test_names_what_pages_are_called(self) -> None:
        pages = [str(item.label) for _, items in GROUPS for item in items]
        explained = {
            "账单管理": "账单", "收款记录": "款项", "交班日结": "交班", "消息发送": "消息",
            "表计采集": "表计", "用户与角色": "角色", "微信支付": "渠道",
        }  # fmt: skip
        missing = [page for page in pages if explained.get(page, page) not in " ".join(WORDS)]
        assert missing == []

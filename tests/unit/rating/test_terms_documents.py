"""The sections shown in the documents are ones a price document may hold."""

import re
from pathlib import Path

import pytest

from metercash.rating import document
from tests.unit.rating.helpers import HEAD


DOCUMENTS = Path(__file__).parents[3] / "docs" / "algorithms"


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("refunds", "refund"),
        ("late-fees", "late_fee"),
        ("instalments", "instalments"),
        ("prepay", "prepay"),
    ],
)
def test_the_example_of_a_page_reads(page, section):
    text = (DOCUMENTS / f"{page}.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.+?)```", text, re.DOTALL)
    assert examples
    for example in examples:
        made = document.parse(f"{HEAD}  - {{kind: area, price: 1}}\n{example}")
        assert getattr(made, section)

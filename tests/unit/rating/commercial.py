"""What the tests of commercial electricity share."""

import re
from datetime import date
from pathlib import Path

from metercash.kernel.interval import Interval
from metercash.rating import document


APRIL = Interval(date(2025, 4, 1), date(2025, 5, 1))
DOCUMENTS = Path(__file__).parents[3] / "docs" / "algorithms"
HEAD = """\
code: test-power
name_zh: 测试
name_en: Test
locality: test
commodity: POWER
citation: 测试文号
source: 测试
confidence: D
effective_from: 2020-01-01
"""


def kwh(**zones):
    """Usage by zone, whole kWh."""
    return {zone: value * 1000 for zone, value in zones.items()}


def examples(page):
    """The plans of a page's examples: components, or sections beside a metered charge."""
    text = (DOCUMENTS / f"{page}.md").read_text(encoding="utf-8")
    for example in re.findall(r"```yaml\n(.+?)```", text, re.DOTALL):
        if example.startswith("- "):
            yield document.parse(f"{HEAD}components:\n{example}")
        else:
            metered = "components: [{kind: metered, price: 1, unit: kWh}]\n"
            yield document.parse(f"{HEAD}{metered}{example}")


def table(page, title):
    """Cells of the table under a heading of a page, without the head."""
    text = (DOCUMENTS / f"{page}.md").read_text(encoding="utf-8").split(f"## {title}\n", 1)[1]
    rows = [line for line in text.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]

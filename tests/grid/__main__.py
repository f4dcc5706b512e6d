"""Write the golden totals and the coverage again: ``python -m tests.grid``, then read the difference."""

from tests.grid import report


report.GOLDEN.write_text(report.golden(), encoding="utf-8")
report.COVERAGE.write_text(report.page(), encoding="utf-8")

"""Every word a line can say and every answer to a refusal, held against the golden files."""

import pytest

from tests.unit.rating import golden


SPOKEN = golden.kept(golden.SPOKEN)
ANSWERED = golden.kept(golden.ANSWERED)


@pytest.mark.parametrize("case", golden.SAID)
def test_a_line_says_what_it_said(case):
    assert golden.said(case) == SPOKEN[case]


@pytest.mark.parametrize("case", golden.REFUSED)
def test_a_refusal_is_answered_as_it_was(case):
    assert golden.answered(case) == ANSWERED[case]


def test_the_golden_files_hold_nothing_else():
    assert list(SPOKEN) == list(golden.SAID)
    assert list(ANSWERED) == list(golden.REFUSED)

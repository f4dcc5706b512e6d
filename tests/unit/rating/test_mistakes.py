"""Typical mistakes of a tariff officer, each with the sentence that tells her what to do.

``mistakes.csv`` is the golden file: what was right in ``mistakes.yaml``, what was written, the answer.
"""

import csv
from pathlib import Path

import pytest

from metercash.rating import document
from metercash.rating.errors import PlanDocumentInvalid


HERE = Path(__file__).parent
RIGHT = (HERE / "mistakes.yaml").read_text()
MISTAKES = list(csv.DictReader((HERE / "mistakes.csv").open(newline="")))


def answer(text):
    try:
        found = document.hints(text)
    except PlanDocumentInvalid as error:
        found = error.problems
    return " / ".join(map(str, found))


def test_the_document_without_mistakes_is_accepted():
    assert document.hints(RIGHT) == []
    assert len(MISTAKES) >= 60


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one["mistake"])
def test_is_answered_by_a_sentence_to_act_on(mistake):
    assert mistake["written_right"] in RIGHT
    text = RIGHT.replace(mistake["written_right"], mistake["written_wrong"], 1)
    assert answer(text) == mistake["answer"]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one["mistake"])
def test_names_no_program_word(mistake):
    for word in ("pydantic", "Input", "valid ", "string", "Traceback", "None", "不正确："):
        assert word not in mistake["answer"]

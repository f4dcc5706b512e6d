"""Every input of an explanation has an English name."""

import ast
import re
from pathlib import Path

import pytest

from metercash import rating
from metercash.rating import input_names


CHINESE = re.compile(r"[\u4e00-\u9fff]")
RULES = [
    *Path(rating.__path__[0]).glob("components/*.py"),
    *Path(rating.__path__[0]).glob("terms/*.py"),
    *Path(rating.__path__[0]).glob("*.py"),
]


def names_given_to_inputs():
    """Chinese strings in tuples called ``names`` or ``_NAMES``, and those a ``Basis`` is made with."""
    for file in RULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(getattr(t, "id", "").lower().strip("_") == "names" for t in targets):
                    yield from chinese_of(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Basis":
                for argument in node.args:
                    if isinstance(argument, ast.Tuple):
                        yield from chinese_of(argument)


def chinese_of(node):
    for one in ast.walk(node):
        if (
            isinstance(one, ast.Constant)
            and isinstance(one.value, str)
            and CHINESE.search(one.value)
        ):
            yield one.value


def test_there_are_names_to_hold():
    assert len(set(names_given_to_inputs())) > 40


@pytest.mark.parametrize("stem", sorted({n.partition("（")[0] for n in names_given_to_inputs()}))
def test_has_english(stem):
    assert stem in input_names.ENGLISH


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("单价（元/m²·供暖期）", "Price (yuan/m²·season)"),
        ("功率因数", "Power factor"),
        (
            "按比价计算应为（元/kWh），以公布价为准",
            "By its ratio it would be (yuan/kWh), the listed price is charged",
        ),
        ("公司自拟", "公司自拟"),
    ],
)
def test_takes_name_and_unit_apart(name, english):
    assert input_names.english(name) == english

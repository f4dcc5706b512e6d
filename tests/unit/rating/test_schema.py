"""The published language is the one that is read: schema, manual and words."""

import json
from pathlib import Path

import pytest

from metercash import localities
from metercash.rating import document, schema, words


DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference"
RENEW = "renew with `metercash tariff schema`"


def types():
    raw = document.schema()
    return {"DocumentText": raw, **raw["$defs"]}


def test_every_field_has_chinese_words():
    for type_name, node in types().items():
        assert type_name in words.TYPES, f"{type_name} needs a Chinese name in rating/words.py"
        for field in node.get("properties", {}):
            known = f"{type_name}.{field}" in words.FIELDS or field in words.FIELDS
            assert known, f"{type_name}.{field} needs words in rating/words.py"


def test_no_words_are_left_over():
    fields = {
        (name, field) for name, node in types().items() for field in node.get("properties", ())
    }
    for key in words.FIELDS:
        type_name, _, field = key.rpartition(".")
        assert any(field == f and type_name in ("", t) for t, f in fields), f"{key} is no field"
    assert set(words.TYPES) == set(types())


def test_quantities_have_units():
    for type_name, node in schema.json_schema()["$defs"].items():
        for field, part in node["properties"].items():
            options = part.get("anyOf", [part])
            if any(one.get("type") in {"number", "integer"} for one in options):
                assert part.get("x-unit"), f"{type_name}.{field} is a number without a unit"


def test_the_published_schema_is_current():
    assert (DOCS / "price-document.schema.json").read_text() == schema.text(), RENEW


def test_the_manual_is_current():
    page = (DOCS / "price-document.md").read_text()
    assert page.endswith(schema.manual()), RENEW


def test_numbers_that_the_language_keeps_as_text_are_allowed_to_editors():
    part = schema.json_schema()["$defs"]["FreeUnitsRefund"]["properties"]["paid_every_months"]
    assert part["enum"] == ["1", "3", "12", 1, 3, 12]


@pytest.mark.parametrize("code", localities.codes())
def test_the_schema_knows_every_field_of_the_shipped_documents(code):
    from metercash.rating import shape

    for shipped in localities.load(code).documents:
        data, lines = document.written(shipped.text)
        known = {place.path for place in shape.places(document.schema(), data)}
        assert {path for path in lines if path and isinstance(path[-1], str)} <= known
    json.dumps(schema.json_schema())

"""Where one stands in a document, also where it is wrong."""

from metercash.rating import document, shape


def at(*path, data=None):
    return shape.type_at(document.schema(), data or {}, path)


def test_a_type_is_found_by_kind_and_name():
    data = {"components": [{"kind": "area"}, {"kind": "no-such-kind"}], "season": {"start": "x"}}
    assert at("components", 0, data=data)[0] == "Area"
    assert at("season", data=data) == ("SeasonText", ("start", "until"))
    assert at() == ("DocumentText", at()[1])


def test_where_nothing_is_known_nothing_is_named():
    assert at("nonsense") == at("nonsense", "below") == ("", ())
    assert at("components", 5, data={"components": []}) == ("", ())
    assert at("components", 0, data={"components": [{"kind": "no-such-kind"}]}) == ("", ())
    assert at("components", 0, data={"components": [{"kind": ["area"]}]}) == ("", ())


def test_what_the_schema_does_not_know_is_left_out():
    data = {"code": "x", "nonsense": {"a": 1}, "components": "none"}
    assert [place.field for place in shape.places(document.schema(), data)] == [
        "code",
        "components",
    ]

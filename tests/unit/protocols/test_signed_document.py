"""A signed file is believed only whole."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from metercash.protocols import signed_document
from metercash.protocols.signed_document import SignatureBroken, SignedDocument


KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
).decode()
TEXT = "code: 样例\n"


def signed(**stated):
    statement = signed_document.canonical({"sha256": signed_document.sha256(TEXT), **stated})
    signature = base64.b64encode(KEY.sign(statement.encode())).decode()
    return SignedDocument(TEXT, statement, signature, PUBLIC)


def test_holds_and_survives_the_way_through_a_file():
    document = signed(code="样例", version=2)
    document.check()
    assert signed_document.load(document.dump()) == document
    assert document.stated["version"] == 2


def test_is_one_text_whatever_the_order():
    assert signed_document.canonical({"b": 1, "a": "价"}) == '{"a":"价","b":1}'


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "code: 别的\n"),
        ("statement", '{"sha256":"0"}'),
        ("signature", base64.b64encode(bytes(64)).decode()),
        ("signature", "no base64!"),
        ("public_key", base64.b64encode(bytes(31)).decode()),
        ("public_key", base64.b64encode(bytes(range(32))).decode()),
    ],
)
def test_a_changed_part_is_noticed(field, value):
    written = json.loads(signed().dump()) | {field: value}
    with pytest.raises(SignatureBroken):
        signed_document.load(json.dumps(written)).check()


def test_a_statement_about_another_text_is_noticed():
    with pytest.raises(SignatureBroken, match="does not hold"):
        signed(sha256="0" * 64).check()


PARTS = {"text": "", "statement": "{}", "signature": "", "public_key": ""}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "code: x",
        "[]",
        "{}",
        json.dumps({"format": "other", **PARTS}),
        json.dumps({"format": signed_document.FORMAT, **PARTS, "statement": "[]"}),
    ],
)
def test_other_files_are_refused(content):
    with pytest.raises(SignatureBroken, match="不是带签名的价格文件"):
        signed_document.load(content)

"""What the codec refuses: keys, seals, messages and statements that are not what they should be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from metercash.protocols.wechatpay import messages, resource, signing, statement
from metercash.protocols.wechatpay.errors import (
    MessageRefused,
    ResourceRefused,
    SignatureRefused,
    StatementRefused,
)


NOW = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)


def certificate(key, *, since=timedelta(days=-1), until=timedelta(days=1)):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "platform")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(0xABC)
        .not_valid_before(NOW + since)
        .not_valid_after(NOW + until)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def public_pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def private_pem(key, encryption=None):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        encryption or serialization.NoEncryption(),
    )


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class TestKeys:
    def test_ring_knows_a_key_by_any_writing_of_its_number(self, key):
        ring = signing.Keyring([signing.certificate_key(certificate(key))])
        assert len(ring) == 1
        assert "0abc" in ring
        assert ring.get("ABC", now=NOW).public_numbers() == key.public_key().public_numbers()

    @pytest.mark.parametrize(
        ("since", "until", "reason"), [(1, 2, "尚未生效"), (-2, -1, "已过期"), (-2, 0, "已过期")]
    )
    def test_certificate_is_good_in_its_time_only(self, key, since, until, reason):
        pem = certificate(key, since=timedelta(days=since), until=timedelta(days=until))
        ring = signing.Keyring([signing.certificate_key(pem)])
        with pytest.raises(SignatureRefused, match=reason):
            ring.get("ABC", now=NOW)

    def test_unknown_key_is_named(self):
        with pytest.raises(SignatureRefused, match="PUB_KEY_ID_9"):
            signing.Keyring([]).get("PUB_KEY_ID_9", now=NOW)

    def test_refuses_what_is_no_key(self):
        for read in (
            signing.certificate_key,
            signing.private_key,
            lambda pem: signing.public_key("PUB_KEY_ID_1", pem),
        ):
            with pytest.raises(MessageRefused):
                read(b"-----BEGIN NOTHING-----")

    def test_refuses_short_and_other_keys(self):
        short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        curve = ec.generate_private_key(ec.SECP256R1())
        for weak in (short, curve):
            with pytest.raises(MessageRefused):
                signing.public_key("PUB_KEY_ID_1", public_pem(weak))
        with pytest.raises(MessageRefused):
            signing.certificate_key(certificate(short))
        with pytest.raises(MessageRefused):
            signing.private_key(private_pem(curve))

    def test_refuses_a_private_key_under_a_passphrase(self, key):
        sealed = private_pem(key, serialization.BestAvailableEncryption(b"x"))
        with pytest.raises(MessageRefused):
            signing.private_key(sealed)


class TestResource:
    GOOD = resource.encrypt(b"{}", key=b"k" * 32, nonce="abcdef123456", associated_data="t")

    @pytest.mark.parametrize(
        "value",
        [
            None,
            [],
            {},
            {"algorithm": "AES"},
            {"algorithm": resource.ALGORITHM},
            {"algorithm": resource.ALGORITHM, "ciphertext": 1, "nonce": "x"},
        ],
    )
    def test_refuses_an_incomplete_one(self, value):
        with pytest.raises(MessageRefused):
            resource.read_resource(value)

    def test_reads_its_own_writing(self):
        assert resource.read_resource(self.GOOD.to_json()) == self.GOOD

    @pytest.mark.parametrize("length", [0, 16, 31, 33])
    def test_refuses_a_key_of_another_length(self, length):
        with pytest.raises(ResourceRefused):
            resource.check_key(b"k" * length)

    def test_refuses_what_is_not_base64(self):
        with pytest.raises(ResourceRefused):
            resource.decrypt(replace(self.GOOD, ciphertext="!"), key=b"k" * 32)


class TestMessages:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"\xff",
            b'{"amount": 5}',
            b'{"trade_state": "MAYBE"}',
        ],
    )
    def test_refuses_a_transaction(self, body):
        with pytest.raises(MessageRefused):
            messages.read_transaction(body)

    def test_refund_reads_back(self):
        refund = messages.Refund("5030", "R1", "O1", "4200", "SUCCESS", 100, 200)
        assert messages.read_refund(messages.dump(refund.to_json())) == refund
        with pytest.raises(MessageRefused):
            messages.read_refund(b"{}")

    def test_statement_address_must_carry_sha1(self):
        good = {"hash_type": "SHA1", "hash_value": "AB", "download_url": "https://x/y"}
        assert messages.read_bill_address(messages.dump(good)).sha1 == "ab"
        with pytest.raises(MessageRefused):
            messages.read_bill_address(messages.dump(good | {"hash_type": "MD5"}))

    def test_error_of_another_server_is_empty(self):
        assert messages.read_error(b"<html>") == ("", "")
        assert messages.read_error(b'{"code":"X","message":"y"}') == ("X", "y")


LINE = statement.StatementLine(
    line_no=2,
    kind=statement.LineKind.PAYMENT,
    occurred_at=datetime(2026, 1, 19, 9, 0, tzinfo=statement.CHINA),
    app_id="wx1",
    merchant_id="1900000109",
    transaction_id="4200001",
    order_no="O1",
    trade_type="NATIVE",
    trade_state="SUCCESS",
    amount_fen=10_000,
    settled_fen=10_000,
    fee_micro=200_000,
    description="热费,`含引号",
    rate="0.20%",
)
WHOLE = statement.write([LINE]).decode()


class TestStatement:
    @pytest.mark.parametrize("columns", sorted(statement.COLUMN_COUNTS))
    @pytest.mark.parametrize("bom", [True, False])
    @pytest.mark.parametrize("crlf", [True, False])
    def test_reads_its_own_writing(self, columns, bom, crlf):
        raw = statement.write([LINE], columns=columns, bom=bom, crlf=crlf)
        assert statement.parse(raw).lines == (LINE,)

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("交易时间", "交易日期", "表头"),
            ("总交易单数", "总单数", "合计"),
            ("SUCCESS", "MAYBE", "交易状态"),
            ("`CNY", "`USD", "币种"),
            ("2026-01-19 09:00:00", "19.1.2026", "时间"),
            ("`100.00,`0.00,`0,", "`100.001,`0.00,`0,", "小数位"),
            ("`100.00,`0.00,`0,", "`viel,`0.00,`0,", "不是数字"),
            ("`100.00,`0.00,`0,", "`NaN,`0.00,`0,", "超出范围"),
            ("`100.00,`0.00,`0,", "`99.00,`0.00,`0,", "不符"),
            ("`0.20%", "`0.20%,`1,`2,`3", "不符"),
            ("\r\n`2026", "\r\n2026", "反引号"),
            ("0.20000", "0.30000", "手续费"),
        ],
    )
    def test_refuses_a_changed_one(self, old, new, reason):
        assert old in WHOLE
        with pytest.raises(StatementRefused, match=reason):
            statement.parse(WHOLE.replace(old, new, 1).encode())

    @pytest.mark.parametrize("kept", range(5, len(WHOLE.encode()) - 40, 17))
    def test_refuses_every_shorter_one(self, kept):
        with pytest.raises(StatementRefused):
            statement.parse(WHOLE.encode()[:kept])

    def test_refuses_another_encoding(self):
        with pytest.raises(StatementRefused, match="UTF-8"):
            statement.parse(WHOLE.encode("gb18030"))

    def test_never_writes_a_line_break_into_a_cell(self):
        with pytest.raises(ValueError, match="line break"):
            statement.write([replace(LINE, description="a\nb")])

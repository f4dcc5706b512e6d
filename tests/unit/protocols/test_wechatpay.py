"""The codec: nothing is believed that was changed by a bit."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from metercash.protocols.wechatpay import messages, resource, signing
from metercash.protocols.wechatpay.errors import (
    MessageRefused,
    ResourceRefused,
    SignatureRefused,
)


NOW = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)
KEY_ID = "PUB_KEY_ID_0001"
BODY = '{"id":"通知"}'.encode()


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def keyring(key):
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return signing.Keyring([signing.public_key(KEY_ID, pem)])


@pytest.fixture
def headers(key):
    return signing.answer_headers(
        key=key, key_id=KEY_ID, timestamp=int(NOW.timestamp()), nonce="n0nce", body=BODY
    )


def verify(headers, keyring, body=BODY, now=NOW):
    return signing.verify_answer(headers=headers, body=body, keyring=keyring, now=now)


class TestVerifyAnswer:
    def test_names_the_key(self, headers, keyring):
        lower = {name.lower(): value for name, value in headers.items()}
        assert verify(lower, keyring) == KEY_ID

    @pytest.mark.parametrize("seconds", [-300, 300, 9999])
    def test_refuses_stale_and_future(self, headers, keyring, seconds):
        with pytest.raises(SignatureRefused):
            verify(headers, keyring, now=NOW + timedelta(seconds=seconds))
        verify(headers, keyring, now=NOW + timedelta(seconds=299))

    def test_refuses_every_flipped_bit(self, headers, keyring):
        for position in range(len(BODY) * 8):
            changed = bytearray(BODY)
            changed[position // 8] ^= 1 << position % 8
            with pytest.raises(SignatureRefused):
                verify(headers, keyring, body=bytes(changed))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Wechatpay-Nonce", "other"),
            ("Wechatpay-Serial", "PUB_KEY_ID_0002"),
            ("Wechatpay-Serial", "ABCDEF"),
            ("Wechatpay-Timestamp", str(int(NOW.timestamp()) + 1)),
            ("Wechatpay-Timestamp", "１"),
            ("Wechatpay-Signature", "WECHATPAY/SIGNTEST/AAAA"),
            ("Wechatpay-Signature", "not base64"),
        ],
    )
    def test_refuses_a_changed_header(self, headers, keyring, name, value):
        with pytest.raises(SignatureRefused):
            verify({**headers, name: value}, keyring)

    def test_refuses_a_missing_header(self, headers, keyring):
        for name in list(headers)[:4]:
            left = {key: value for key, value in headers.items() if key != name}
            with pytest.raises(SignatureRefused):
                verify(left, keyring)

    def test_refuses_sha1(self, headers, keyring, key):
        message = signing.answer_message(
            timestamp=headers["Wechatpay-Timestamp"], nonce="n0nce", body=BODY
        )
        weak = key.sign(message, padding.PKCS1v15(), hashes.SHA1())
        changed = {**headers, "Wechatpay-Signature": base64.b64encode(weak).decode()}
        with pytest.raises(SignatureRefused):
            verify(changed, keyring)


class TestAuthorization:
    def test_reads_back(self, key):
        header = signing.authorization(
            merchant_id="m", serial_no="S", key=key, method="GET", target="/v3/x?a=%7C",
            timestamp=5, nonce="n", body=b"",
        )  # fmt: skip
        read = signing.parse_authorization(header)
        assert (read.merchant_id, read.serial_no, read.nonce, read.timestamp) == ("m", "S", "n", 5)
        with pytest.raises(SignatureRefused):
            signing.parse_authorization("Basic abc")


class TestResource:
    def test_opens_only_with_all_parts_right(self):
        key = b"k" * 32
        sealed = resource.encrypt(b"plain", key=key, nonce="123456789012", associated_data="t")
        assert resource.decrypt(sealed, key=key) == b"plain"
        other = resource.Resource(sealed.ciphertext, sealed.nonce, "u")
        for changed, with_key in ((other, key), (sealed, b"x" * 32), (sealed, b"short")):
            with pytest.raises(ResourceRefused):
                resource.decrypt(changed, key=with_key)


class TestReadTransaction:
    def test_reads_back(self):
        told = messages.Transaction(
            "app", "m", "o1", messages.TradeState.SUCCESS, "t1", 100, 100, success_at=NOW
        )
        assert messages.read_transaction(messages.dump(told.to_json())) == told

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"[]", b"{}", b'{"mchid":"m","out_trade_no":"o","trade_state":"ODD"}',
            b'{"mchid":"m","out_trade_no":"o","trade_state":"SUCCESS"}',
            b'{"mchid":"m","out_trade_no":"o","trade_state":"NOTPAY","amount":{"total":1.5}}',
        ],
    )  # fmt: skip
    def test_refuses_what_is_incomplete(self, body):
        with pytest.raises(MessageRefused):
            messages.read_transaction(body)

"""An approval is signed; what was changed behind our back is refused."""

from datetime import date, datetime

import psycopg
import pytest
from django.test import override_settings

from metercash.contexts.tariffs import api, contracts
from metercash.kernel.errors import NotFound
from metercash.platform import tenancy
from metercash.protocols import signed_document
from metercash.protocols.signed_document import SignatureBroken
from tests.support.tariffs import APPROVER, AUTHOR, CODE, approved, published, submitted, text


DAY = date(2025, 6, 1)


@pytest.fixture
def tamper(database: str, tenant: int):
    """Change a row as somebody with the owner's password would."""

    def change(document_id: int, **columns: object) -> None:
        names = ", ".join(f"{name} = %s" for name in columns)
        with psycopg.connect(database) as owner:
            owner.execute("select set_config('app.tenant', %s, true)", [str(tenant)])
            owner.execute("alter table tariffs_pricedocument disable trigger price_document_frozen")
            done = owner.execute(
                f"update tariffs_pricedocument set {names} where id = %s",
                [*columns.values(), document_id],
            )
            assert done.rowcount == 1
            owner.execute("set constraints all immediate")
            owner.execute("alter table tariffs_pricedocument enable trigger price_document_frozen")

    return change


class TestSignedDocument:
    def test_is_checked_by_anybody(self, tenant: int, now: datetime) -> None:
        document = published(now)
        signed = api.signed_document(document_id=document.document_id)
        read = signed_document.load(signed.dump())
        read.check()
        assert read == signed
        assert read.public_key == api.public_key()
        assert read.text == document.yaml_text
        assert read.stated["sha256"] == document.sha256
        assert (read.stated["drafted_by"], read.stated["approved_by"]) == (AUTHOR, APPROVER)

    def test_is_another_companys_with_another_key(
        self, tenant: int, other_tenant: int, now: datetime
    ) -> None:
        mine = api.public_key()
        with tenancy.bind(other_tenant):
            assert api.public_key() != mine

    def test_exists_only_after_approval(self, tenant: int, now: datetime) -> None:
        with pytest.raises(NotFound):
            api.signed_document(document_id=submitted(now).document_id)


class TestTampering:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("yaml_text", text(price="2")),
            ("signature", "A" * 86 + "=="),
            ("approval", "{}"),
            ("approved_by", 7),
            ("drafted_by", 7),
            ("sha256", "0" * 64),
            ("effective_from", "2024-01-01"),
        ],
    )
    def test_is_refused_loudly(
        self, tenant: int, now: datetime, tamper, column: str, value: object
    ) -> None:
        document = published(now)
        assert api.plan_in_force(plan_code=CODE, on=DAY).version == 1
        tamper(document.document_id, **{column: value})
        with pytest.raises(contracts.DocumentTampered, match="is not what was signed"):
            api.plan_in_force(plan_code=CODE, on=DAY)
        with pytest.raises(contracts.DocumentTampered):
            api.signed_document(document_id=document.document_id)

    def test_is_noticed_before_publication(self, tenant: int, now: datetime, tamper) -> None:
        document = approved(now).document_id
        tamper(document, yaml_text=text(price="2"))
        with pytest.raises(contracts.DocumentTampered):
            api.publish(document_id=document, now=now)

    def test_of_a_file_is_noticed(self, tenant: int, now: datetime) -> None:
        content = api.signed_document(document_id=published(now).document_id).dump()
        for changed in (
            content.replace("price: 20", "price: 2"),
            content.replace("test-heat", "x"),
        ):
            with pytest.raises(SignatureBroken):
                signed_document.load(changed).check()


class TestSecret:
    def test_may_change_if_the_former_one_is_named(self, tenant: int, now: datetime) -> None:
        from django.conf import settings

        published(now)
        former = settings.SECRET_KEY
        with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[former]):
            assert api.plan_in_force(plan_code=CODE, on=DAY).version == 1

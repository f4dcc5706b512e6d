"""Price documents through the JSON API: public reading, two programs for two people."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from metercash.contexts.tariffs import api as tariffs
from metercash.platform.access import Role
from metercash.platform.access import api as access
from metercash.protocols import signed_document
from metercash.rating import schema
from tests.support.tariffs import CODE, published, submitted, text


FACTS = {"period": {"start": "2025-10-20", "end": "2026-04-21"}, "area_milli": 90_250}


class Program:
    """A client with a token of the scopes."""

    def __init__(self, *scopes):
        token = access.issue_api_token(name="erp", scopes=scopes, expires_at=None)
        self.client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path, **body):
        return self.client.post(f"/api/v1{path}", body, content_type="application/json")

    def put(self, path, **body):
        return self.client.put(f"/api/v1{path}", body, content_type="application/json")


@pytest.fixture
def reader(tenant):
    return Program("prices:read")


@pytest.fixture
def writer(tenant):
    return Program("prices:read", "prices:write")


@pytest.fixture
def approver(tenant):
    return Program("prices:read", "prices:approve")


@pytest.fixture
def people(tenant):
    for username, role in (("jiage", Role.TARIFF_OFFICER), ("jingli", Role.MANAGER)):
        access.create_user(
            username=username, display_name=username, roles=[role], password="Kuai-Le-2026-Xue"
        )


class TestReading:
    def test_lists_what_is_published(self, reader, now):
        first = published(now, "2025-01-01").document_id
        second = published(now, "2026-01-01", "21").document_id
        submitted(now, code="hidden-heat")
        rows = reader.get("/prices").json()
        assert [row["document_id"] for row in rows] == [second, first]
        assert rows[1]["effective_until"] == "2026-01-01"
        assert reader.get("/prices", on="2025-06-01", code=CODE).json() == rows[1:]
        assert reader.get("/prices", text="没有").json() == []

    def test_shows_text_difference_and_signature(self, reader, now):
        published(now, "2025-01-01", "20")
        document = published(now, "2026-01-01", "21")
        shown = reader.get(f"/prices/{document.document_id}").json()
        assert (shown["text"], shown["status"]) == (document.yaml_text, "PUBLISHED")
        diff = reader.get(f"/prices/{document.document_id}/diff").json()
        assert [(one["old"], one["new"]) for one in diff["differences"]][-1] == ("20", "21")
        signed = signed_document.load(
            reader.get(f"/prices/{document.document_id}/signed").content.decode()
        )
        signed.check()
        assert reader.get("/prices/key").json()["public_key"] == signed.public_key

    def test_hides_the_rest_from_who_only_reads(self, reader, writer, now):
        hidden = submitted(now).document_id
        for path in ("", "/diff", "/signed", "/attachments"):
            assert reader.get(f"/prices/{hidden}{path}").status_code == 404
        assert writer.get(f"/prices/{hidden}").json()["status"] == "SUBMITTED"

    def test_publishes_the_schema_to_everybody(self, database):
        answer = Client(SERVER_NAME="localhost").get("/api/v1/prices/schema")
        assert (answer.status_code, answer.json()) == (200, json.loads(schema.text()))

    def test_checks_a_text(self, reader):
        [found] = reader.post("/prices/lint", text=text(price="20元")).json()
        assert (found["kind"], found["line"]) == ("MISTAKE", 11)
        assert reader.post("/prices/lint", text=text()).json() == []


class TestCalculator:
    def test_explains_every_line(self, reader, now):
        document_id = published(now, price="20").document_id
        done = reader.post("/prices/calculate", document_id=document_id, facts=FACTS).json()
        assert done == reader.post("/prices/calculate", text=text(price="20"), facts=FACTS).json()
        [line] = done["lines"]
        assert (done["total"], line["amount"], line["quantity"]) == ("1805.00", "1805.00", "90.25")
        assert "四舍五入到分为 1,805.00 元" in line["sentence_zh"]

    def test_names_the_wrong_fact(self, reader):
        refused = reader.post("/prices/calculate", text=text(), facts={"aera": 1})
        assert (refused.status_code, refused.json()["code"]) == (422, "rating.facts_invalid")


class TestLife:
    def test_takes_two_programs_for_two_people(self, writer, approver, people, tmp_path):
        made = writer.post("/prices/drafts", text=text(), by="jiage").json()
        path = f"/prices/{made['document_id']}"
        with override_settings(METERCASH_HOME=tmp_path):
            sent = writer.client.post(
                f"/api/v1{path}/attachments",
                {"by": "jiage", "file": SimpleUploadedFile("通知.pdf", b"%PDF-1.7")},
            )
            assert sent.status_code == 200
            [kept] = writer.get(f"{path}/attachments").json()
            file = writer.get(f"/prices/attachments/{kept['attachment_id']}")
        assert (file.content, file["X-Content-Type-Options"]) == (b"%PDF-1.7", "nosniff")
        assert file["Content-Disposition"].startswith("attachment")
        assert writer.put(path, text=text(price="22"), by="jiage").json()["version"] == 1
        assert writer.post(f"{path}/submit", by="jiage").json()["status"] == "SUBMITTED"
        returned = approver.post(f"{path}/return", by="jingli", reason="文号不全").json()
        assert (returned["status"], returned["returned_reason"]) == ("DRAFT", "文号不全")
        writer.post(f"{path}/submit", by="jiage")
        assert approver.post(f"{path}/approve", by="jiage").json()["code"] == "tariffs.same_person"
        assert approver.post(f"{path}/approve", by="jingli").json()["status"] == "APPROVED"
        assert approver.post(f"{path}/publish", by="jingli").json()["status"] == "PUBLISHED"
        closed = approver.post(f"/plans/{CODE}/close", by="jingli", reason="并入", on="2031-01-01")
        assert closed.json()["effective_until"] == "2031-01-01"

    def test_withdraws(self, writer, approver, people):
        made = writer.post("/prices/drafts", text=text(), by="jiage", submit=True).json()
        path = f"/prices/{made['document_id']}"
        approver.post(f"{path}/approve", by="jingli")
        gone = approver.post(f"{path}/withdraw", by="jingli", reason="重复").json()
        assert gone["status"] == "WITHDRAWN"

    def test_refuses_one_program_for_both(self, people):
        both = Program("prices:write", "prices:approve")
        made = both.post("/prices/drafts", text=text(), by="jiage", submit=True).json()
        refused = both.post(f"/prices/{made['document_id']}/approve", by="jingli")
        assert (refused.status_code, refused.json()["code"]) == (403, "api.scopes_exclude")
        assert tariffs.get_document(document_id=made["document_id"]).status == "SUBMITTED"

    def test_asks_for_scope_and_person(self, reader, writer, approver, people):
        assert reader.post("/prices/drafts", text=text(), by="jiage").status_code == 403
        assert writer.post("/prices/drafts", text=text(), by="jingli").status_code == 403
        assert writer.post("/prices/drafts", text=text(), by="nobody").status_code == 404
        wrong = writer.post("/prices/drafts", text="code: x", by="jiage").json()
        assert wrong["code"] == "rating.plan_document_invalid"
        assert "缺少必填项 effective_from" in wrong["detail"]

    def test_of_another_company_is_unknown(self, tenant, other_tenant, now):
        from metercash.platform import tenancy

        document_id = published(now).document_id
        with tenancy.bind(other_tenant):
            stranger = Program("prices:read", "prices:write")
        assert stranger.get(f"/prices/{document_id}").status_code == 404
        assert stranger.get("/prices").json() == []

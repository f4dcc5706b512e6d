"""Anybody finds a price, reads why, calculates, and takes home what proves it."""

from datetime import timedelta

import pytest
from django.test import Client

from metercash.contexts.tariffs import api as tariffs
from metercash.platform import tenancy
from metercash.protocols import signed_document
from tests.support import homes


@pytest.fixture
def company(tenant):
    return tenancy.Tenant.objects.get(id=tenant).code


@pytest.fixture
def published(tenant, now):
    text = homes.text_of("harbin", "harbin-heat-residential")
    return tariffs.adopt(texts=[text], author_id=1, approver_id=2, now=now - timedelta(days=120))[0]


@pytest.fixture
def page(company):
    client = Client(SERVER_NAME="localhost")

    def read(path="", **asked):
        return client.get(f"/m/{company}/prices/{path}", asked)

    return read


def test_finds_by_words_and_day(page, published):
    assert published.title in page(on="2025-12-01", text="居民").content.decode()
    assert published.title not in page(on="2025-12-01", text="工业").content.decode()
    assert published.title not in page(on="2001-01-01").content.decode()
    assert published.title in page(on="2001-01-01", all="1").content.decode()


def test_tells_what_is_to_come(page, tenant, now):
    text = homes.text_of("harbin", "harbin-heat-residential")
    later = text.replace("effective_from: 2010-10-20", "effective_from: 2099-10-20")
    tariffs.adopt(texts=[text, later], author_id=1, approver_id=2, now=now)
    assert "2099-10-20 起执行" in page().content.decode()


def test_calculates_with_the_reason_of_each_line(page, published):
    asked = {"period-start": "2025-10-20", "period-end": "2026-04-21", "area_milli": "80"}
    shown = page(f"{published.document_id}/", calculate="1", **asked).content.decode()
    assert "3,065.60" in shown
    assert "38.32 × 80" in shown
    assert "四舍五入到分" in shown


def test_says_which_answer_is_wrong(page, published):
    asked = {"period-start": "2025-10-20", "period-end": "2026-04-21", "area_milli": "八十"}
    answer = page(f"{published.document_id}/", calculate="1", **asked)
    assert answer.status_code == 200
    assert "收费面积" in answer.content.decode()
    assert "试算结果" not in answer.content.decode()


def test_signed_file_proves_itself(page, published):
    signed = signed_document.load(page(f"{published.document_id}/signed/").content.decode())
    signed.check()
    assert signed.text == published.yaml_text


def test_a_draft_is_nobodys_business(page, tenant, now):
    text = homes.text_of("harbin", "harbin-heat-residential")
    draft = tariffs.draft(yaml_text=text, author_id=1, now=now)
    assert page(f"{draft.document_id}/").status_code == 404
    assert page(f"{draft.document_id}/signed/").status_code == 404


def test_source_files_are_public_with_the_document(page, tenant, now):
    text = homes.text_of("harbin", "harbin-heat-residential")
    draft = tariffs.draft(yaml_text=text, author_id=1, now=now)
    kept = tariffs.attach(
        document_id=draft.document_id, name="文件.pdf", content=b"%PDF-1.4\n%%EOF\n",
        author_id=1, now=now,
    )  # fmt: skip
    assert page(f"source/{kept.attachment_id}/").status_code == 404
    tariffs.submit(document_id=draft.document_id, author_id=1, now=now)
    tariffs.approve(document_id=draft.document_id, approver_id=2, now=now)
    tariffs.publish(document_id=draft.document_id, now=now)
    assert page(f"source/{kept.attachment_id}/").content == b"%PDF-1.4\n%%EOF\n"
    assert "文件.pdf" in page(f"{draft.document_id}/").content.decode()

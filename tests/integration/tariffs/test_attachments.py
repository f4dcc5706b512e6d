"""Source files: what is kept, what is refused, who sees them."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import override_settings

from metercash.contexts.tariffs import api, contracts
from metercash.contexts.tariffs.models import PriceAttachment
from metercash.kernel.errors import NotFound
from metercash.platform import db, files
from tests.support.tariffs import APPROVER, AUTHOR, text


PDF = b"%PDF-1.7 notice"


@pytest.fixture(autouse=True)
def _home(tmp_path):
    with override_settings(METERCASH_HOME=tmp_path):
        yield


@pytest.fixture
def document_id(tenant: int, now: datetime) -> int:
    return api.draft(yaml_text=text(), author_id=AUTHOR, now=now).document_id


def attach(document_id, now, name="通知.pdf", content=PDF, author_id=AUTHOR):
    return api.attach(
        document_id=document_id, name=name, content=content, author_id=author_id, now=now
    )


def workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("a.exe", "x")
    return buffer.getvalue()


class TestAttach:
    def test_keeps_content_under_its_hash(self, document_id: int, now: datetime) -> None:
        kept = attach(document_id, now)
        assert (kept.media_type, kept.size_bytes) == ("application/pdf", len(PDF))
        assert api.list_attachments(document_id=document_id) == [kept]
        assert api.read_attachment(attachment_id=kept.attachment_id) == (kept, PDF)

    def test_tells_the_type_by_the_content(self, document_id: int, now: datetime) -> None:
        assert attach(document_id, now, "表.pdf", workbook()).media_type.endswith(
            "spreadsheetml.sheet"
        )

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("a.pdf", b"", "内容不是"),
            ("a.pdf", b"MZ\x90", "内容不是"),
            ("a.docx", archive(), "内容不是"),
            ("a.docx", b"PK\x03\x04", "内容不是"),
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "内容不是"),
            ("", PDF, "文件名"),
            ("a.pdf", PDF + bytes(20 * 1024 * 1024), "20 MB"),
        ],
    )
    def test_refuses(self, document_id, now, name, content, reason) -> None:
        with pytest.raises(contracts.AttachmentRefused) as refused:
            attach(document_id, now, name, content)
        assert reason in refused.value.chinese

    def test_refuses_the_same_content_twice_and_strangers(self, document_id, now) -> None:
        attach(document_id, now)
        with pytest.raises(contracts.AttachmentRefused, match="已经有了"):
            attach(document_id, now, "again.pdf")
        with pytest.raises(contracts.NotTheAuthor):
            attach(document_id, now, content=PDF + b"2", author_id=APPROVER)

    def test_refuses_the_twenty_first(self, document_id, now) -> None:
        for number in range(20):
            attach(document_id, now, content=PDF + bytes([number]))
        with pytest.raises(contracts.AttachmentRefused, match="至多 20"):
            attach(document_id, now)

    def test_is_undone_while_it_is_a_draft(self, document_id, now) -> None:
        kept = attach(document_id, now)
        with pytest.raises(contracts.NotTheAuthor):
            api.detach(attachment_id=kept.attachment_id, author_id=APPROVER)
        api.detach(attachment_id=kept.attachment_id, author_id=AUTHOR)
        assert api.list_attachments(document_id=document_id) == []
        with pytest.raises(NotFound):
            api.detach(attachment_id=kept.attachment_id, author_id=AUTHOR)


class TestSubmitted:
    def test_files_are_frozen_signed_and_public_with_the_document(self, document_id, now) -> None:
        kept = attach(document_id, now)
        api.submit(document_id=document_id, author_id=AUTHOR, now=now)
        with pytest.raises(contracts.NotTheNextStep):
            attach(document_id, now, content=PDF + b"2")
        with pytest.raises(IntegrityError, match="never change"), db.transaction():
            PriceAttachment.objects.all().delete()
        with pytest.raises(NotFound):
            api.read_attachment(attachment_id=kept.attachment_id, public=True)
        api.approve(document_id=document_id, approver_id=APPROVER, now=now)
        api.publish(document_id=document_id, now=now)
        assert api.read_attachment(attachment_id=kept.attachment_id, public=True)[1] == PDF
        assert api.signed_document(document_id=document_id).stated["attachments"] == [kept.sha256]

    def test_a_file_changed_on_disk_is_noticed(self, document_id, now) -> None:
        kept = attach(document_id, now)
        [path] = settings.METERCASH_HOME.glob(f"files/*/*/{kept.sha256}")
        path.write_bytes(b"%PDF-other")
        with pytest.raises(files.FileDamaged):
            api.read_attachment(attachment_id=kept.attachment_id)
        path.unlink()
        with pytest.raises(NotFound):
            api.read_attachment(attachment_id=kept.attachment_id)

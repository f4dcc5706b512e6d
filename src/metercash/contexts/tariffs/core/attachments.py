"""What a source file is, told by its content: PDF, picture, Word or Excel."""

import io
import zipfile

from metercash.contexts.tariffs.contracts import AttachmentRefused


BYTES_MAX = 20 * 1024 * 1024
FILES_MAX = 20
NAME_MAX = 120

_OFFICE = "application/vnd.openxmlformats-officedocument."
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("WordDocument".encode("utf-16-le"), "application/msword"),
    ("Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
)
_PACKAGE_PARTS = (
    ("word/document.xml", f"{_OFFICE}wordprocessingml.document"),
    ("xl/workbook.xml", f"{_OFFICE}spreadsheetml.sheet"),
)


def media_type(name: str, content: bytes) -> str:
    """The media type the content has.

    Raises:
        AttachmentRefused: if it is empty, too large, or none of the kinds kept.
    """
    if not name.strip() or len(name) > NAME_MAX:
        raise AttachmentRefused(name=name[:NAME_MAX], reason=f"文件名应为 1 至 {NAME_MAX} 个字符")
    if len(content) > BYTES_MAX:
        raise AttachmentRefused(name=name, reason=f"超过 {BYTES_MAX // 1024 // 1024} MB")
    found = _told_by(content)
    if found is None:
        reason = "内容不是 PDF、图片（PNG、JPEG）、Word 或 Excel；只改扩展名不行"
        raise AttachmentRefused(name=name, reason=reason)
    return found


def _told_by(content: bytes) -> str | None:
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(_OLE):
        return next((kind for stream, kind in _OLE_STREAMS if stream in content), None)
    if content.startswith(b"PK\x03\x04"):
        try:
            parts = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
        except zipfile.BadZipFile:
            return None
        return next((kind for part, kind in _PACKAGE_PARTS if part in parts), None)
    return None

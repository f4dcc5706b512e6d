"""Failures say the same in Chinese and in English."""

from metercash.kernel.errors import InvalidInput, MetercashError, NotFound, PermissionRefused


def test_sentences_are_filled_from_the_data():
    error = InvalidInput(field="面积", reason="不是数字")
    assert error.chinese == "“面积”不正确：不是数字"
    assert error.english == str(error) == "'面积' is not valid: 不是数字"
    assert error.data == {"field": "面积", "reason": "不是数字"}


def test_each_failure_has_a_stable_code_and_status():
    assert [(e.code, e.status) for e in (MetercashError, NotFound, PermissionRefused)] == [
        ("metercash.error", 400), ("metercash.not_found", 404), ("access.permission_refused", 403),
    ]  # fmt: skip
    assert NotFound(what="账单").chinese == "没有找到账单。"

"""Logs never carry personal data."""

from metercash.project import logs


class TestHidePersonalData:
    def test_blanks_out_fields_that_name_a_person(self) -> None:
        event = logs.hide_personal_data(
            None, "info", {"event": "x", "phone": "13800000000", "n": 1}
        )
        assert event == {"event": "x", "phone": "[hidden]", "n": 1}

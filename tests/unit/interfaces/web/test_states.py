"""Words and tones of states."""

from metercash.interfaces.web import states


class TestStateOf:
    def test_says_word_and_tone(self) -> None:
        assert states.state_of("PAID") == ("已缴", "ok")

    def test_shows_an_unknown_code_as_it_is(self) -> None:
        assert states.state_of("NEW_CODE") == ("NEW_CODE", "mute")

    def test_knows_only_designed_tones(self) -> None:
        assert {tone for _label, tone in states.STATES.values()} <= {
            "ok", "bad", "warn", "go", "mute",
        }  # fmt: skip

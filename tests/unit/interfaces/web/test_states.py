"""Words and tones of states."""

from metercash.interfaces.web import states
from metercash.platform.access.permissions import ROLE_NAMES, SCOPES, Role


class TestStateOf:
    def test_says_word_and_tone(self) -> None:
        assert states.state_of("PAID") == ("已缴", "ok")

    def test_shows_an_unknown_code_as_it_is(self) -> None:
        assert states.state_of("NEW_CODE") == ("NEW_CODE", "mute")

    def test_knows_only_designed_tones(self) -> None:
        assert {tone for _label, tone in states.STATES.values()} <= {
            "ok", "bad", "warn", "go", "mute",
        }  # fmt: skip


class TestNameOf:
    def test_calls_roles_as_the_rest_of_the_product_does(self) -> None:
        assert {role: states.name_of(role) for role in Role} == ROLE_NAMES

    def test_has_words_for_what_a_token_may_do(self) -> None:
        assert [scope for scope in SCOPES if states.name_of(scope) == scope] == []

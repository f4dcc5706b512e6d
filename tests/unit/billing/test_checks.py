import pytest

from metercash.contexts.billing.contracts import Reason
from metercash.contexts.billing.core.checks import Candidate, Limits, Past, check


def candidate(**changes: object) -> Candidate:
    usual = {
        "total_fen": 10_000,
        "usage_milli": 300_000,
        "days": 30,
        "missing_days": 0,
        "metered": True,
        "already_billed": False,
        "past": (Past(300_000, 10_000, 30),),
    }
    return Candidate(**{**usual, **changes})  # type: ignore[arg-type]


class TestCheck:
    def test_lets_an_ordinary_bill_pass(self) -> None:
        assert check(candidate(), Limits()) == ()

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"total_fen": 0}, Reason.ZERO),
            ({"total_fen": 0, "explained": True, "usage_milli": 0, "past": ()}, Reason.ZERO),
            ({"total_fen": -1}, Reason.NEGATIVE),
            ({"already_billed": True}, Reason.DUPLICATE),
            ({"missing_days": 1}, Reason.MISSING_READS),
            ({"usage_milli": 900_001}, Reason.HIGH),
            ({"usage_milli": 59_999}, Reason.LOW),
            ({"total_fen": 50_001}, Reason.JUMP),
        ],
    )
    def test_holds_back(self, changes: dict[str, object], reason: Reason) -> None:
        assert [found.reason for found in check(candidate(**changes), Limits())] == [reason]

    @pytest.mark.parametrize(
        "changes",
        [{"usage_milli": 900_000}, {"usage_milli": 60_000}, {"total_fen": 50_000}],
    )
    def test_lets_the_limit_itself_pass(self, changes: dict[str, object]) -> None:
        assert check(candidate(**changes), Limits()) == ()

    def test_lets_usage_that_was_free_pass(self) -> None:
        assert check(candidate(total_fen=0, explained=True), Limits()) == ()

    def test_does_not_compare_the_usage_of_homes_billed_by_area(self) -> None:
        assert check(candidate(metered=False, usage_milli=0, missing_days=30), Limits()) == ()

"""Checks of a rated bill before it is posted."""

from collections.abc import Sequence
from dataclasses import dataclass

from metercash.contexts.billing.contracts import Reason, ReasonFound


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier bill of the account came to."""

    usage_milli: int
    total_fen: int
    days: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rated bill as the checks see it.

    Attributes:
        metered: Whether the amount follows a meter; area-priced bills are not compared with usage.
        explained: Whether its lines say why; usage that was free is no mistake.
        past: Earlier bills, latest first.
    """

    total_fen: int
    usage_milli: int
    days: int
    missing_days: int
    metered: bool
    already_billed: bool
    explained: bool = False
    past: Sequence[Past] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """When a bill is out of the ordinary; tenant policy.

    Attributes:
        high_percent: Daily usage above this share of the account's average is high.
        low_percent: Below this share it is low.
        jump_percent: A daily amount above this share of the latest bill is a jump.
        floor_milli: Daily usage below this never counts as high.
        floor_fen: A bill below this never counts as a jump.
        missing_days: More days without reads than this wait for reads.
    """

    high_percent: int = 300
    low_percent: int = 20
    jump_percent: int = 500
    floor_milli: int = 5_000
    floor_fen: int = 20_000
    missing_days: int = 0


def check(candidate: Candidate, limits: Limits) -> tuple[ReasonFound, ...]:
    """Say why a bill must wait for a person, gravest first; an ordinary bill has no reason."""
    found: list[ReasonFound] = []
    if candidate.already_billed:
        found.append(ReasonFound(Reason.DUPLICATE, "该户本账期已有账单，不能重复出账。", {}))
    if candidate.metered and candidate.missing_days > limits.missing_days:
        sentence = f"账期 {candidate.days} 天中有 {candidate.missing_days} 天没有抄表数据。"
        evidence = {"days": candidate.days, "missing_days": candidate.missing_days}
        found.append(ReasonFound(Reason.MISSING_READS, sentence, evidence))
    if candidate.total_fen < 0:
        evidence = {"total_fen": candidate.total_fen}
        found.append(ReasonFound(Reason.NEGATIVE, "计算金额为负数。", evidence))
    if candidate.total_fen == 0 and not (candidate.explained and candidate.usage_milli > 0):
        found.append(ReasonFound(Reason.ZERO, "计算金额为零。", {"total_fen": 0}))
    if candidate.past:
        found.extend(_against_history(candidate, limits))
    return tuple(found)


def _against_history(candidate: Candidate, limits: Limits) -> list[ReasonFound]:
    found: list[ReasonFound] = []
    past_days = sum(past.days for past in candidate.past)
    past_milli = sum(past.usage_milli for past in candidate.past)
    # Daily usages are compared by cross-multiplication: integers only.
    here = candidate.usage_milli * past_days * 100
    there = past_milli * candidate.days
    evidence = {
        "usage_milli": candidate.usage_milli,
        "days": candidate.days,
        "past_usage_milli": past_milli,
        "past_days": past_days,
    }
    percent = here // there if there > 0 else 0
    if candidate.metered and past_milli > 0:
        ordinary = candidate.usage_milli <= limits.floor_milli * candidate.days
        if here > there * limits.high_percent and not ordinary:
            sentence = f"日均用量是历史平均的 {percent}%，超过 {limits.high_percent}%。"
            found.append(ReasonFound(Reason.HIGH, sentence, evidence))
        elif here < there * limits.low_percent and past_milli > limits.floor_milli * past_days:
            sentence = f"日均用量只有历史平均的 {percent}%，低于 {limits.low_percent}%。"
            found.append(ReasonFound(Reason.LOW, sentence, evidence))
    latest = candidate.past[0]
    amount, before = candidate.total_fen * latest.days, latest.total_fen * candidate.days
    if (
        candidate.total_fen > limits.floor_fen
        and before > 0
        and amount * 100 > before * limits.jump_percent
    ):
        share = amount * 100 // before
        sentence = f"日均金额是上期的 {share}%，超过 {limits.jump_percent}%。"
        amounts = {"total_fen": candidate.total_fen, "latest_fen": latest.total_fen}
        found.append(ReasonFound(Reason.JUMP, sentence, amounts))
    return found

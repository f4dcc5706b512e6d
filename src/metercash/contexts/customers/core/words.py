"""Addresses in words, and the words an account is found by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache


TOKEN_LENGTH_MAX = 120
NAME_STARTS_MAX = 24
COMMUNITY_STARTS_MAX = 4
TAIL_DIGITS = 4
TERMS_MAX = 6
HIGHEST = chr(0x10FFFF)

_PART_WORD = re.compile(r"(?<=[0-9a-z])(?:号楼|栋|幢|座|单元|门|号|楼)-?")
_ROOM_WORD = re.compile(r"(?:室|户)$")
_NOT_DIGIT = re.compile(r"\D")


def compose_address(community: str, building: str, unit: str, room: str) -> str:
    """Write an address as people read it, such as ``幸福家园 3号楼 2单元 301室``."""
    parts = [community, _with_word(building, "号楼"), _with_word(unit, "单元")]
    return " ".join(part for part in [*parts, _with_word(room, "室")] if part)


@lru_cache(maxsize=1 << 16)
def normalize(text: str) -> str:
    """Bring a search word and a stored word to one form: width, case, 号楼/栋/单元/室."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _ROOM_WORD.sub("", _PART_WORD.sub("-", folded)).rstrip("-")


def phone_tail(phone: str) -> str:
    """The last four digits people identify a phone by; empty when there are fewer."""
    digits = _NOT_DIGIT.sub("", phone)
    return digits[-TAIL_DIGITS:] if len(digits) >= TAIL_DIGITS else ""


def account_tokens(
    *,
    account_no: str,
    name: str,
    phones: Iterable[str],
    community: str,
    building: str,
    unit: str,
    room: str,
) -> set[str]:
    """Every word the account is found by; a search matches the beginning of a word."""
    number = normalize(account_no)
    tokens = {number, number[-TAIL_DIGITS:]}
    holder = normalize(name)
    starts = max(1, min(len(holder) - 1, NAME_STARTS_MAX))
    tokens.update(holder[start:] for start in range(starts))
    for phone in phones:
        tokens.update((_NOT_DIGIT.sub("", phone), phone_tail(phone)))
    place = "-".join(part for part in map(normalize, (building, unit, room)) if part)
    estate = normalize(community)
    starts = max(1, min(len(estate) - 1, COMMUNITY_STARTS_MAX))
    tokens.update(estate[start:] + place for start in range(starts))
    tokens.update((place, normalize(room)))
    tokens.discard("")
    return {token[:TOKEN_LENGTH_MAX] for token in tokens}


def search_terms(text: str) -> list[str]:
    """The normalized words of a search, the longest (most selective) first."""
    terms = {normalize(word)[:TOKEN_LENGTH_MAX] for word in text[:200].split()}
    terms.discard("")
    return sorted(terms, key=lambda term: (-len(term), term))[:TERMS_MAX]


def mask_id_number(number: str) -> str:
    """Hide the middle of an identity number; short ones are hidden wholly."""
    if len(number) <= 8:
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def _with_word(part: str, word: str) -> str:
    return f"{part}{word}" if part and part[-1].isascii() and part[-1].isalnum() else part

"""金额大写: an amount in Chinese capitals, as receipts and cheques require."""

from metercash.kernel.errors import InvalidInput


DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
FEN_LIMIT = 10**18


def in_capitals(fen: int) -> str:
    """Write an amount in capitals.

    Args:
        fen: Any sign; below 10¹⁸ in size.

    Raises:
        InvalidInput: if it is larger.
    """
    if abs(fen) >= FEN_LIMIT:
        raise InvalidInput(field="金额", reason="超出大写金额可表示的范围")
    sign = "负" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), 100)
    jiao, rest = divmod(cents, 10)
    whole = _whole(yuan) + "元" if yuan else ""
    if not cents:
        return f"{sign}{whole or '零元'}整"
    tenth = f"{DIGITS[jiao]}角" if jiao else ("零" if whole else "")
    return f"{sign}{whole}{tenth}{f'{DIGITS[rest]}分' if rest else '整'}"


def _whole(yuan: int) -> str:
    groups = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    words, gap = "", False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _group(group) + _unit(index, groups)
        gap = False
    return words


def _unit(index: int, groups: list[int]) -> str:
    """The group's name; 万亿 sheds its 亿 where a following group carries it."""
    if index == 3 and groups[2]:
        return "万"
    return _GROUPS[index]


def _group(number: int) -> str:
    words, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if zero and words else "") + DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return words

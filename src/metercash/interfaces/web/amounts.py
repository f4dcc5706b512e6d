"""How amounts are written: digits in threes, ten-thousands, and capitals for receipts."""

from decimal import Decimal


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def yuan(fen: int) -> str:
    """``364903`` → ``3,649.03``; a minus sign is a real one."""
    whole, cents = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}{whole:,}.{cents:02d}"


def plain_yuan(fen: int) -> str:
    """``364903`` → ``3649.03``: for an input field."""
    whole, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{cents:02d}"


def ten_thousand_yuan(fen: int) -> str:
    """``3813200000`` → ``3,813.20``, in 万元, rounded half up."""
    hundredths, rest = divmod(abs(fen), 10_000)
    return yuan((hundredths + (rest >= 5_000)) * (-1 if fen < 0 else 1))


def thousand_yuan(fen: int) -> str:
    """``3813200000`` → ``38,132.0``, in thousands of yuan, rounded half up."""
    tenths, rest = divmod(abs(fen), 10_000)
    whole, tenth = divmod(tenths + (rest >= 5_000), 10)
    return f"{'−' if fen < 0 else ''}{whole:,}.{tenth}"


def milli(value: int) -> str:
    """``131260`` → ``131.26``; trailing zeros fall away."""
    quantity = Decimal(value).scaleb(-3).normalize()
    text = f"{quantity:,f}"
    return text.replace("-", "−")


def capitals(fen: int) -> str:
    """``290649`` → ``贰仟玖佰零陆元肆角玖分``, as accounting law wants it on a receipt."""
    whole, cents = divmod(abs(fen), 100)
    jiao, last = divmod(cents, 10)
    parts = ["负"] if fen < 0 else []
    if whole:
        parts.append(_whole_capitals(whole) + "元")
    if jiao:
        parts.append(_DIGITS[jiao] + "角")
    elif last and whole:
        parts.append("零")
    if last:
        parts.append(_DIGITS[last] + "分")
    elif whole or jiao:
        parts.append("整")
    return "".join(parts) or "零元整"


def _whole_capitals(whole: int) -> str:
    groups = []
    while whole:
        whole, group = divmod(whole, 10_000)
        groups.append(group)
    text = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            continue
        lacks_thousands = group < 1_000
        skipped = place + 1 < len(groups) and not groups[place + 1]
        if text and (lacks_thousands or skipped):
            text += "零"
        text += _group_capitals(group) + _GROUPS[place]
    return text


def _group_capitals(group: int) -> str:
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return text

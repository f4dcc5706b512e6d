"""A bill made again from its documents and facts, and held against what was printed."""

import ast
import hashlib
import operator
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

import yaml

from metercash.proof.given import ONE, Due, Written, half_up, need, number, shared_out
from metercash.proof.rules import Rules


Told: TypeAlias = tuple[str, str]  # A difference in one sentence, Chinese and English.
CLOSE = Fraction(1, 10**12)
TERMS = ("late_fee", "heat.loss_fee", "refund.")  # Held against their own words alone.
SIGNS = {"Add": "add", "Sub": "sub", "Mult": "mul", "Div": "truediv"}


@lru_cache(maxsize=256)
def document_of(text: str) -> Written:
    """A price document; every scalar stays text."""
    return Written(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506 - builds text, nothing else


def recomputed(bill: Mapping[str, Any]) -> list[Due]:
    """Every line of the bill as its documents and facts make it."""
    every: list[Due] = []
    for stretch in bill["stretches"]:
        document = document_of(bill["documents"][stretch["document"]]["text"])
        made = Rules(stretch["facts"], document.under("season"))
        until = document.get("effective_until", "~")
        share = stretch.get("share", stretch["facts"])
        need(document["effective_from"] <= share["period"]["start"] < until, "effective_from")
        if "losses" in document:
            made.losses(document.under("losses"))
        for rule in document.each("components"):
            if "categories" not in rule or made.get("category") in rule["categories"]:
                getattr(made, rule["kind"])(rule)
        every += made.lines
        if "days" in share:
            days, total = [*map(Fraction, share["days"])], sum(line.fen for line in made.lines)
            others = shared_out(total, days)[share["index"]] - total
            exact = total * (days[share["index"]] / sum(days) - 1) / 100
            every.append(Due("shared.others", ONE, ONE, exact, others))
    return every


def worked_out(arithmetic: str) -> Fraction:
    """What a line's own words come to: + − × ÷ % ‰, parentheses, max and min."""
    text = arithmetic.translate(str.maketrans("−×÷", "-*/"))
    text = re.sub(r"([0-9.]+)([%‰])", lambda m: f"({m[1]}/{100 if m[2] == '%' else 1000})", text)

    def value(node: Any) -> Any:
        match node:
            case ast.BinOp(left, sign, right):
                return getattr(operator, SIGNS[type(sign).__name__])(value(left), value(right))
            case ast.UnaryOp(ast.USub(), operand):
                return -value(operand)
            case ast.Call(ast.Name("max" | "min" as name), arguments):
                return (max if name == "max" else min)(map(value, arguments))
        need(isinstance(node, ast.Constant), arithmetic)
        return number(ast.get_source_segment(text, node))

    return Fraction(value(ast.parse(text, mode="eval").body))


def differences(lines: list[Any], due: list[Due]) -> Iterator[Told]:
    """Where a line is not what its own words, or the documents and facts, make it."""
    codes, made = ([line["code"] for line in lines], [one.code for one in due])
    if due and codes != made:
        yield (f"按规则应有 {len(made)} 行（{'、'.join(made)}），账单有 {len(codes)} 行（{'、'.join(codes)}）。",
               f"The rules make {len(made)} lines ({made}), the bill has {len(codes)} ({codes}).")  # fmt: skip
    for row, line in enumerate(lines):
        because, yuan = line["because"], Fraction(line["amount_fen"], 100)
        exact, written = worked_out(because["arithmetic"]), number(because["exact_yuan"])
        rounded, told = half_up(exact, 2), Fraction(because["amount_fen"], 100)
        if because["rounding"] == "LARGEST_REMAINDER_FEN" and abs(exact - yuan) < Fraction(1, 100):
            rounded = yuan
        checks = [("算式结果", "result of the arithmetic", exact, written),
                  ("取整后金额", "rounded amount", rounded, yuan),
                  ("说明中的金额", "amount of its reason", yuan, told)]  # fmt: skip
        for one in due[row : row + 1] if codes == made else ():
            checks += [("数量", "quantity", one.quantity, number(line["quantity"])),
                       ("单价", "price", one.price, number(line["price"])),
                       ("未取整金额", "exact amount", one.exact, written),
                       ("金额", "amount", Fraction(one.fen, 100), yuan)]  # fmt: skip
        for zh, en, right, printed in checks:
            if abs(right - printed) > CLOSE:
                a, b = (f"{Decimal(n.numerator) / n.denominator:.8f}" for n in (right, printed))
                a, b = (text.rstrip("0").rstrip(".") for text in (a, b))
                yield (f"第 {row + 1} 行“{line['label']}”的{zh}应为 {a}，账单写 {b}。",
                       f"Line {row + 1} {line['code']}: the {en} should be {a}, the bill says {b}.")  # fmt: skip


def verify(bill: Mapping[str, Any]) -> list[Told]:
    """What does not hold, each in one sentence, and so is what cannot be recomputed; or nothing."""
    try:
        need(bill["format"] == "metercash-bill/1", bill["format"])
        lines, total = bill["lines"], sum(line["amount_fen"] for line in bill["lines"])
        terms = not bill["stretches"] and all(line["code"].startswith(TERMS) for line in lines)
        due = [] if terms else recomputed(bill)
        need(due or terms or not lines, "stretches")
        found = [*differences(lines, due)]
        if total != bill["total_fen"]:
            found.append((f"各行相加为 {total} 分，合计写 {bill['total_fen']} 分。",
                          f"The lines sum to {total} fen, the total says {bill['total_fen']}."))  # fmt: skip
        for sha, one in bill["documents"].items():
            if hashlib.sha256(one["text"].encode()).hexdigest() != sha:
                found.append((f"价格文件 {one['code']} 的内容与指纹不符。",
                              f"Price document {one['code']} is not what its hash says."))  # fmt: skip
    except Exception as error:  # noqa: BLE001 - whatever stops it is told, never a silent pass
        found = [(f"无法核对：{error}。", f"Cannot be verified: {error}.")]
    return found

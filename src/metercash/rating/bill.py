"""What rating yields: lines that carry their reason, and their sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from metercash.kernel.money import Money
from metercash.kernel.quantity import plain
from metercash.rating import rounding
from metercash.rating.input_names import english


Value: TypeAlias = Decimal | int | str

ROUNDING_ZH: Final = {rounding.RULE: "四舍五入到分", rounding.SHARES: "按最大余数分到分"}
ROUNDING_EN: Final = {
    rounding.RULE: "rounded half up to the fen",
    rounding.SHARES: "split to the fen by largest remainder",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """The part of an explanation that is the same for every account: made once per plan.

    Attributes:
        clause: Clause of the price document.
        citation: Number and title of the price document.
        names: Chinese names of the inputs, in the order of the values.
        template: Arithmetic over the inputs by position, such as ``{0} × {1}``.
    """

    clause: str
    citation: str
    names: tuple[str, ...]
    template: str


@dataclass(frozen=True, slots=True)
class Because:
    """Why a line is what it is.

    Attributes:
        exact: The amount in yuan before rounding.
        amount: The amount after rounding.
        rounding: Identifier of the rounding rule.
    """

    basis: Basis
    values: tuple[Value, ...]
    exact: Decimal
    amount: Money
    rounding: str

    @property
    def clause(self) -> str:
        """Clause of the price document."""
        return self.basis.clause

    @property
    def citation(self) -> str:
        """Number and title of the price document."""
        return self.basis.citation

    @property
    def inputs(self) -> dict[str, str]:
        """Inputs by their Chinese names, as exact decimal text."""
        return dict(zip(self.basis.names, self._texts(), strict=True))

    @property
    def arithmetic(self) -> str:
        """The computation with its numbers, such as ``38.32 × 80``."""
        return self.basis.template.format(*self._texts())

    def as_json(self) -> dict[str, Any]:
        """Primitives only; :func:`sentence_zh` and :func:`sentence_en` read it back."""
        texts = self._texts()
        basis = self.basis
        return {
            "clause": basis.clause,
            "citation": basis.citation,
            "inputs": dict(zip(basis.names, texts, strict=True)),
            "arithmetic": basis.template.format(*texts),
            "exact_yuan": plain(self.exact),
            "rounding": self.rounding,
            "amount_fen": self.amount.fen,
        }

    def sentence_zh(self) -> str:
        """The explanation for a Chinese reader."""
        return sentence_zh(self.as_json())

    def sentence_en(self) -> str:
        """The explanation for an English reader."""
        return sentence_en(self.as_json())

    def _texts(self) -> list[str]:
        return [plain(v) if isinstance(v, Decimal) else str(v) for v in self.values]


def sentence_zh(explained: Mapping[str, Any]) -> str:
    """One Chinese sentence from what :meth:`Because.as_json` gave."""
    inputs = "，".join(f"{name} {value}" for name, value in explained["inputs"].items())
    return (
        f"依据{explained['citation']}{explained['clause']}：{inputs}；"
        f"{explained['arithmetic']} = {explained['exact_yuan']} 元，"
        f"{ROUNDING_ZH[explained['rounding']]}为 {Money(explained['amount_fen'])} 元。"
    )


def sentence_en(explained: Mapping[str, Any]) -> str:
    """One English sentence from what :meth:`Because.as_json` gave."""
    inputs = ", ".join(f"{english(name)} {value}" for name, value in explained["inputs"].items())
    return (
        f"Under {explained['citation']} {explained['clause']}: {inputs}; "
        f"{explained['arithmetic']} = {explained['exact_yuan']} yuan, "
        f"{ROUNDING_EN[explained['rounding']]}: {Money(explained['amount_fen'])} yuan."
    )


@dataclass(frozen=True, slots=True)
class LineKind:
    """Everything of a line that does not depend on the account.

    Attributes:
        price: Yuan per unit; for shares of another amount, the share.
    """

    code: str
    label_zh: str
    label_en: str
    unit: str
    price: Decimal
    basis: Basis

    def line(self, quantity: Decimal, exact: Decimal, values: tuple[Value, ...]) -> Line:
        """Make the line and round it: the only rounding it will ever see."""
        return Line(self, quantity, values, exact, rounding.to_fen(exact))


class Line(NamedTuple):
    """One printed line of a bill; a tuple, because a city's run makes millions of them.

    Attributes:
        quantity: How much, in the kind's unit.
        values: What the account put into the arithmetic of the kind's basis.
        exact: The amount in yuan before rounding.
        amount: Rounded to the fen.
        rounding: Identifier of the rounding rule.
    """

    kind: LineKind
    quantity: Decimal
    values: tuple[Value, ...]
    exact: Decimal
    amount: Money
    rounding: str = rounding.RULE

    @property
    def code(self) -> str:
        """Stable identifier such as ``heat.area`` or ``ladder.2``."""
        return self.kind.code

    @property
    def because(self) -> Because:
        """Why the line is what it is; made when asked for, not when rating."""
        return Because(self.kind.basis, self.values, self.exact, self.amount, self.rounding)


@dataclass(frozen=True, slots=True)
class RatedBill:
    """Lines in the order of the plan; the total is their sum, nothing else."""

    lines: tuple[Line, ...]
    total: Money

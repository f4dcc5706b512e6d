"""``tariff`` commands on files alone: lint, diff, rate, schema, verify. They need no database."""

import json as jsons
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from metercash.interfaces.cli.output import console, emit
from metercash.interfaces.cli.tenants import Json
from metercash.kernel.errors import InvalidInput
from metercash.kernel.money import Money
from metercash.kernel.quantity import plain
from metercash.protocols import signed_document
from metercash.rating import comparison, document, engine, facts_json, schema
from metercash.rating.bill import RatedBill
from metercash.rating.errors import PlanDocumentInvalid


DIFFERENT = 3

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    for command in (lint, diff, rate, print_schema, verify):
        group.command(_NAMES.get(command.__name__, command.__name__))(command)


_NAMES = {"print_schema": "schema"}


def read(file: Path) -> str:
    """A document's text.

    Raises:
        InvalidInput: if it is not UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        reason = "不是 UTF-8 编码；请在编辑器里选择“另存为 UTF-8”"
        raise InvalidInput(field=str(file), reason=reason) from None


def lint(files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
         json: Json = False) -> None:  # fmt: skip
    """Check price documents: every mistake with its line, and what was likely meant otherwise."""
    found = [row for file in files for row in _findings(file)]
    wrong = any(row["kind"] == "MISTAKE" for row in found)
    if json:
        emit(found, as_json=True)
    else:
        for row in found:
            mark = "错误" if row["kind"] == "MISTAKE" else "请确认"
            console.print(f"{row['file']} {mark} {row['sentence']}", markup=False, soft_wrap=True)
        console.print("有错误，请改正。" if wrong else f"{len(files)} 份价格文件可以使用。")
    if wrong:
        raise typer.Exit(DIFFERENT)


def diff(
    old: File,
    new: File,
    text: Annotated[bool, typer.Option("--text", help="Line by line instead")] = False,
    json: Json = False,
) -> None:
    """Show what changes from one document to another, by component and field."""
    before, after = read(old), read(new)
    if text:
        lines = comparison.text_diff(before, after, old_name=str(old), new_name=str(new))
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return
    found = comparison.differences(before, after)
    if json:
        emit(found, as_json=True)
    elif not found:
        console.print("没有差别。")
    else:
        for one in found:
            console.print(f"第{one.line}行 {one}", markup=False, soft_wrap=True)


def rate(
    file: File,
    facts: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="JSON file of facts")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day after")
    ] = None,
    area: Annotated[str, typer.Option(help="Chargeable area, square meters")] = "",
    height: Annotated[str, typer.Option(help="Story height, meters")] = "",
    usage: Annotated[
        list[str] | None, typer.Option(help="ZONE=QUANTITY such as total=230; repeat for zones")
    ] = None,
    persons: Annotated[int, typer.Option(help="Registered persons")] = 0,
    evidence: Annotated[list[str] | None, typer.Option(help="Proof held; repeat")] = None,
    json: Json = False,
) -> None:
    """Rate one account by a document and explain every line; simple facts as options, any as JSON."""
    plan = document.parse(read(file))
    known: dict[str, Any] = _facts_file(facts) if facts else {}
    if since and until:
        known["period"] = {"start": since.date().isoformat(), "end": until.date().isoformat()}
    for name, written in (("area_milli", area), ("height_mm", height)):
        if written:
            known[name] = _thousandths(name, written)
    if usage:
        zones = dict(one.partition("=")[::2] for one in usage)
        known["usage"] = {zone: _thousandths(zone, text) for zone, text in zones.items()}
    if plan.usage_unit:
        known.setdefault("usage_unit", plan.usage_unit)
    if persons:
        known["household_size"] = persons
    if evidence:
        known["evidence"] = evidence
    if "period" not in known:
        raise InvalidInput(field="--from / --until", reason="请给账期，或在 --facts 里写 period")
    _show(engine.rate(plan=plan, facts=facts_json.from_json(known)), as_json=json)


def print_schema(
    manual: Annotated[bool, typer.Option("--manual", help="The manual's tables instead")] = False,
) -> None:
    """Print the JSON Schema of price documents."""
    sys.stdout.write(schema.manual() if manual else schema.text())


def verify(
    file: File,
    key: Annotated[str, typer.Option(help="The company's public key, known from elsewhere")] = "",
    json: Json = False,
) -> None:
    """Prove offline that a signed document is what two people approved."""
    try:
        signed = signed_document.load(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise signed_document.SignatureBroken(reason="不是带签名的价格文件") from None
    signed.check()
    if key and key != signed.public_key:
        raise signed_document.SignatureBroken(reason="签名所用的公钥不是给出的那一把")
    stated = {"valid": True, **signed.stated, "public_key": signed.public_key}
    emit(stated, as_json=json, title="签名成立，正文与批准时一致")
    if not key and not json:
        console.print("请再核对公钥：与该单位公布的公钥相同，才是该单位签的。")


def _findings(file: Path) -> Iterator[dict[str, Any]]:
    try:
        problems, kind = document.hints(read(file)), "HINT"
    except PlanDocumentInvalid as error:
        problems, kind = list(error.problems), "MISTAKE"
    for one in problems:
        yield {
            "file": str(file), "kind": kind, "line": one.line, "path": one.path,
            "reason": one.reason, "sentence": str(one),
        }  # fmt: skip


def _facts_file(file: Path) -> dict[str, Any]:
    try:
        written = jsons.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInput(field=str(file), reason=f"不是合法的 JSON（{error}）") from None
    if not isinstance(written, dict):
        raise InvalidInput(field=str(file), reason="应为一个 JSON 对象")
    return written


def _thousandths(name: str, text: str) -> int:
    """Options are in square meters, meters and units of usage; facts in thousandths of them."""
    try:
        exact = Decimal(text).scaleb(3)
    except InvalidOperation:
        raise InvalidInput(field=name, reason=f"应为数字，不是“{text}”") from None
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise InvalidInput(field=name, reason="至多三位小数")
    return int(exact)


def _show(rated: RatedBill, *, as_json: bool) -> None:
    if as_json:
        lines = [
            {
                "code": line.code,
                "label": line.kind.label_zh,
                "quantity": plain(line.quantity),
                "unit": line.kind.unit,
                "price": plain(line.kind.price),
                "amount_fen": line.amount.fen,
                "sentence": line.because.sentence_zh(),
                "because": line.because.as_json(),
            }
            for line in rated.lines
        ]
        emit({"lines": lines, "total_fen": rated.total.fen}, as_json=True)
        return
    for line in rated.lines:
        console.print(f"{line.kind.label_zh}  {Money(line.amount.fen)} 元", markup=False)
        console.print(f"    {line.because.sentence_zh()}", markup=False, soft_wrap=True)
    console.print(f"合计  {rated.total} 元", markup=False)

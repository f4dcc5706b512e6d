"""``tariff``: price documents from the first line to publication; ``tariff_texts`` holds what needs no database."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from metercash.interfaces.cli import start, tariff_texts
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.simulation import simulate
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json


if TYPE_CHECKING:
    from metercash.contexts.tariffs.contracts import PriceDocument

group = typer.Typer(help="Price documents: write, test, approve, publish.", no_args_is_help=True)
group.command("simulate")(simulate)
By = Annotated[str, typer.Option(help="User name of the person who answers for it")]
Reason = Annotated[str, typer.Option(help="Kept for ever")]
TextFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Price document")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    tariff_texts.add_to(group)
    app.add_typer(group, name="tariff")


@group.command("list")
def list_documents(
    code: Annotated[str, typer.Option(help="Only versions of this plan")] = "",
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """List price documents, newest version first."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        rows = [_row(document) for document in api.list_documents(code=code)]
    emit(rows, as_json=json, title="价格文件")


@group.command("draft")
def draft(
    file: TextFile,
    by: By,
    replace: Annotated[
        int | None, typer.Option(help="Id of one's own draft whose text is replaced")
    ] = None,
    attach: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Source file; repeat for several"),
    ] = None,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Keep a text as a draft, with its source files."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        author_id = _user(by, "tariffs.draft")
        text = tariff_texts.read(file)
        if replace is None:
            document = api.draft(yaml_text=text, author_id=author_id, now=start.now())
        else:
            document = api.update_draft(document_id=replace, yaml_text=text, author_id=author_id)
        for source in attach or ():
            api.attach(
                document_id=document.document_id,
                name=source.name,
                content=source.read_bytes(),
                author_id=author_id,
                now=start.now(),
            )
    emit(_row(document), as_json=json, title="草稿")


@group.command("submit")
def submit(document_id: int, by: By, tenant: TenantCode = None, json: Json = False) -> None:
    """Hand one's own draft in for approval."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        author_id = _user(by, "tariffs.draft")
        done = api.submit(document_id=document_id, author_id=author_id, now=start.now())
    emit(_row(done), as_json=json, title="已提交")


@group.command("return")
def return_to_author(
    document_id: int, by: By, reason: Reason, tenant: TenantCode = None, json: Json = False
) -> None:
    """Send a submitted document back to its author."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        reviewer_id = _user(by, "tariffs.approve")
        done = api.return_to_author(document_id=document_id, reviewer_id=reviewer_id, reason=reason)
    emit(_row(done), as_json=json, title="已退回")


@group.command("approve")
def approve(document_id: int, by: By, tenant: TenantCode = None, json: Json = False) -> None:
    """Approve and sign a submitted document as the second person."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        approver_id = _user(by, "tariffs.approve")
        done = api.approve(document_id=document_id, approver_id=approver_id, now=start.now())
    emit(_row(done), as_json=json, title="已批准")


@group.command("publish")
def publish(document_id: int, by: By, tenant: TenantCode = None, json: Json = False) -> None:
    """Publish an approved document; the version before it ends on its first day."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        _user(by, "tariffs.approve")
        done = api.publish(document_id=document_id, now=start.now())
    emit(_row(done), as_json=json, title="已公示")


@group.command("withdraw")
def withdraw(
    document_id: int, by: By, reason: Reason, tenant: TenantCode = None, json: Json = False
) -> None:
    """Take back an approved document, or a published one before its first day."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        _user(by, "tariffs.approve")
        done = api.withdraw(document_id=document_id, reason=reason, now=start.now())
    emit(_row(done), as_json=json, title="已撤回")


@group.command("close")
def close(
    code: Annotated[str, typer.Argument(help="Code of the plan")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day without a price")],
    by: By,
    reason: Reason,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """End a plan on purpose."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        _user(by, "tariffs.approve")
        done = api.close(plan_code=code, on=on.date(), reason=reason, now=start.now())
    emit(_row(done), as_json=json, title="已终止")


@group.command("export")
def export(document_id: int, file: Path, tenant: TenantCode = None) -> None:
    """Write an approved document with its signature, for ``verify``."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        content = api.signed_document(document_id=document_id).dump()
    file.write_text(content, encoding="utf-8")


@group.command("key")
def key(tenant: TenantCode = None, json: Json = False) -> None:
    """Print the company's public key, to compare with the one in a signed file."""
    with start.working_for(tenant):
        from metercash.contexts.tariffs import api

        emit({"algorithm": "Ed25519", "public_key": api.public_key()}, as_json=json)


def _user(username: str, permission: str) -> int:
    from metercash.platform.access import acting

    return acting.person(username, permission).user_id


def _row(document: "PriceDocument") -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "code": document.code,
        "version": document.version,
        "title": document.title,
        "status": document.status,
        "effective_from": document.effective_from,
        "effective_until": document.effective_until,
        "sha256": document.sha256,
    }

"""``pay configure`` and ``pay check``: the company's WeChat Pay account."""

from pathlib import Path
from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json
from metercash.kernel.errors import InvalidInput


WECHAT = "https://api.mch.weixin.qq.com"
KeyFile = Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True)]


def register(group: typer.Typer) -> None:
    """Add the commands to ``pay``."""
    group.command("configure")(configure)
    group.command("check")(check)


def configure(  # noqa: PLR0913, PLR0917 - one option for each credential
    merchant_id: Annotated[str, typer.Option(help="Merchant number (商户号)")],
    app_id: Annotated[str, typer.Option(help="App id")],
    serial_no: Annotated[str, typer.Option(help="Serial number of the merchant's certificate")],
    private_key: KeyFile,
    api_v3_key: KeyFile,
    platform_key: Annotated[
        list[str], typer.Option(help="KEY_ID=FILE of the platform's public key or certificate")
    ],
    certificate: Annotated[
        Path | None, typer.Option(help="The merchant's certificate; tells when it expires")
    ] = None,
    base_url: Annotated[str, typer.Option(help="Address of the provider")] = WECHAT,
    notify_url: Annotated[str, typer.Option(help="Where the provider notifies us")] = "",
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Store the WeChat Pay account; keys are read from files, stored encrypted and never printed."""
    with start.working_for(tenant) as company:
        from django.conf import settings

        from metercash.contexts.payments import api

        ours = f"{settings.METERCASH_BASE_URL}/gateway/{company.code}/wechat/notify"
        setup = api.configure_wechat(
            merchant_id=merchant_id,
            app_id=app_id,
            serial_no=serial_no,
            private_key=private_key.read_bytes(),
            api_v3_key=api_v3_key.read_bytes(),
            platform_keys=dict(_named_file(text) for text in platform_key),
            base_url=base_url,
            notify_url=notify_url or ours,
            certificate=None if certificate is None else certificate.read_bytes(),
        )
    emit(setup, as_json=json, title="微信支付")


def check(tenant: TenantCode = None, json: Json = False) -> None:
    """Ask the provider a harmless question; exit code 3 if our signature or theirs does not hold."""
    with start.working_for(tenant):
        from metercash.contexts.payments import api

        found = api.check_provider(now=start.now())
    emit(found, as_json=json, title="微信支付")
    if not found.ok:
        raise typer.Exit(3)


def _named_file(text: str) -> tuple[str, bytes]:
    key_id, found, name = text.partition("=")
    if not found or not Path(name).is_file():
        raise InvalidInput(field="platform-key", reason=f"应为 KEY_ID=文件：{text}")
    return key_id, Path(name).read_bytes()

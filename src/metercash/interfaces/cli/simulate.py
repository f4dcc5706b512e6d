"""``simulate``: stand-ins for the outside world, for demos, training and tests."""

import time
from typing import Annotated

import typer

from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.tenants import Json


group = typer.Typer(help="Stand-ins for payment providers.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="simulate")


@group.command("wechat")
def wechat(
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8100, json: Json = False
) -> None:
    """Run the WeChat Pay simulator until stopped."""
    from metercash.interfaces.simulators import wechat as simulator
    from metercash.project import environment

    base_url = simulator.start(environment.home(), port)
    emit({"base_url": base_url}, as_json=json)
    while True:
        time.sleep(3600)

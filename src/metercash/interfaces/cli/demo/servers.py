"""The processes of a running demo: pages, worker and payment simulator; each ends with the command."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from metercash.interfaces.cli.serve import server_command
from metercash.kernel.errors import MetercashError


READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 20


class NotReady(MetercashError):
    """A process of the demo did not answer in time."""

    code = "demo.not_ready"
    status = 500
    message_zh = "{what} 没有在 {seconds} 秒内就绪。"
    message_en = "{what} was not ready within {seconds} seconds."


def free_port(wanted: int) -> int:
    """The wanted port if nobody listens there, else any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise NotReady(what="端口", seconds=0)


@contextmanager
def pages(port: int) -> Iterator[str]:
    """Serve the web pages; yields their address once they answer."""
    command = server_command(host="127.0.0.1", port=port, processes=2)
    base = f"http://127.0.0.1:{port}"
    with _running(command):
        _wait(f"{base}/readyz", what="网页服务")
        yield base


@contextmanager
def worker() -> Iterator[None]:
    """Run background jobs meanwhile."""
    with _running([sys.executable, "-m", "metercash", "worker"]):
        yield


@contextmanager
def _running(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        stdout=sys.stderr,
        stderr=sys.stderr,
        env={**os.environ, "METERCASH_LOG_LEVEL": "warning"},
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, *, what: str) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise NotReady(what=what, seconds=READY_SECONDS_MAX)

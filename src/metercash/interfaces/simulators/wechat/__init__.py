"""WeChat Pay simulator: a small HTTP server speaking APIv3 with keys of its own."""

from metercash.interfaces.simulators.wechat.server import Simulator, provider_account, run, start


__all__ = ["Simulator", "provider_account", "run", "start"]

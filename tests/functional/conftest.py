"""A small heating company behind a real server, seen through a real browser."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from metercash.contexts.payments import api as payments
from metercash.interfaces.cli.demo import city, season, servers
from metercash.interfaces.cli.demo.companies import PLANS
from metercash.interfaces.simulators import wechat
from metercash.platform import tenancy
from metercash.platform.access import Role
from metercash.platform.access import api as access


# Playwright keeps an event loop in this thread; Django is called beside it, never from it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

PASSWORD = "Kuai-Le-2026-Xue"
SHOTS = Path(__file__).parents[2] / "artifacts" / "screenshots"
NOW = datetime(2025, 10, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """The company of the journeys.

    Attributes:
        home: The first of its customers.
    """

    tenant_id: int
    code: str
    base: str
    home: city.Home
    homes: tuple[city.Home, ...]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; `make test` installs it where it may")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def company(database: str) -> Iterator[Company]:
    """Forty homes billed for the season, staff, prices, a payment provider, pages and a worker."""
    simulator = wechat.run(Path(os.environ["METERCASH_HOME"]), 0)
    os.environ["METERCASH_LOG_LEVEL"] = "warning"
    with servers.pages(servers.free_port(8060)) as base, servers.worker():
        tenant = tenancy.Tenant.objects.create(code="journeys", name="旅程热力", kind="HEAT")
        with tenancy.bind(tenant.id):
            users = {
                role: access.create_user(
                    username=role.lower(), display_name=role, roles=[role], password=PASSWORD
                ).user_id
                for role in Role
            }
            season.publish_prices(
                localities=["harbin"],
                author_id=users[Role.TARIFF_OFFICER],
                approver_id=users[Role.MANAGER],
                now=NOW,
            )
            homes = [home for home in city.heating_homes(PLANS) if not home.metered][:40]
            season.bring_customers(homes, since=date(2025, 10, 20), now=NOW)
            payments.configure_provider(
                **wechat.provider_account(
                    Path(os.environ["METERCASH_HOME"]),
                    simulator.base_url,
                    f"{base}/gateway/journeys/wechat/notify",
                )
            )
        yield Company(tenant.id, "journeys", base, homes[5], tuple(homes))
    simulator.close()


@pytest.fixture
def page(browser: Browser, company: Company) -> Iterator[Page]:
    """A window of 1366×768; a message in its console that is an error fails the test."""
    context = browser.new_context(
        base_url=company.base, viewport={"width": 1366, "height": 768}, locale="zh-CN"
    )
    window = context.new_page()
    complaints: list[str] = []
    window.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    context.close()
    assert [text for text in complaints if "status of 4" not in text] == []


def sign_in(page: Page, role: Role) -> None:
    """Sign in as the person of a role."""
    page.goto("/console/sign-in/")
    page.fill("[name=tenant]", "journeys")
    page.fill("[name=username]", role.lower())
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def keep_picture(page: Page, name: str) -> None:
    """Keep what the browser shows, to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    # Hiding the caret would make Playwright inject a style, which our own policy refuses.
    page.screenshot(path=SHOTS / f"{name}.png", caret="initial")

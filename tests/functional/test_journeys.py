"""What people do with the product, in the order of a season: bill, collect, pay by phone, import."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.platform import tenancy
from metercash.platform.access import Role
from tests.functional.conftest import Company, keep_picture, sign_in


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def billed(browser: object, company: Company) -> Company:
    """The company after its season was billed through the console by its biller."""
    context = browser.new_context(
        base_url=company.base, viewport={"width": 1366, "height": 768}, locale="en-US"
    )  # type: ignore[attr-defined]
    page = context.new_page()
    sign_in(page, Role.BILLER)
    page.goto("/console/runs/new/")
    page.fill("#first", "2025-10-20")
    page.fill("#last", "2026-04-20")
    page.fill("#due", "2025-12-31")
    keep_picture(page, "run_new")
    page.get_by_role("button", name="开始出账").click()
    expect(page.locator("#progress")).to_contain_text("100%", timeout=60_000)
    keep_picture(page, "run_done")
    expect(page.locator(".stages")).to_contain_text("40")
    context.close()
    return company


def _owed_fen(company: Company, account_no: str) -> int:
    with tenancy.bind(company.tenant_id):
        account = customers.get_account_by_no(account_no=account_no)
        items = ledger.list_open_items(account_ids=[account.account_id])
        return sum(item.open_fen for item in items)


class TestCounter:
    def test_takes_cash_by_keyboard_alone(self, billed: Company, page: Page) -> None:
        home = billed.home
        assert _owed_fen(billed, home.account_no) > 0
        sign_in(page, Role.COUNTER_CLERK)
        page.goto("/console/counter/")
        page.get_by_role("button", name="开班").click()
        page.wait_for_load_state("networkidle")
        page.keyboard.press("Control+k")
        page.keyboard.type(home.account_no, delay=20)
        expect(page.locator(".hit").first).to_contain_text(home.name)
        page.keyboard.press("Enter")
        expect(page.locator("#net")).not_to_have_text("0.00")
        due = page.locator("#net").inner_text().replace(",", "")
        keep_picture(page, "counter_account")
        page.keyboard.press("Alt+1")
        page.fill("#r-cash", due)
        page.keyboard.press("F8")
        expect(page.locator("#paid")).to_contain_text("收款成功")
        keep_picture(page, "counter_paid")
        assert _owed_fen(billed, home.account_no) == 0

    def test_shows_the_building_by_payment_state(self, billed: Company, page: Page) -> None:
        sign_in(page, Role.COUNTER_CLERK)
        page.goto("/console/building/")
        expect(page.locator("main")).to_contain_text("1号楼")
        keep_picture(page, "building")


class TestBills:
    def test_open_down_to_every_step(self, billed: Company, page: Page) -> None:
        sign_in(page, Role.BILLER)
        page.goto(f"/console/bills/?text={billed.home.account_no}")
        page.locator("tbody a").first.click()
        expect(page.locator("main")).to_contain_text("38.32")
        keep_picture(page, "bill")
        page.get_by_role("link", name=re.compile("怎么算")).first.click()
        expect(page.locator("main")).to_contain_text("四舍五入")
        keep_picture(page, "bill_how")


class TestResident:
    def test_binds_sees_and_pays_on_the_phone(self, billed: Company, page: Page) -> None:
        home = billed.homes[11]
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"/m/{billed.code}/")
        page.fill("#account_no", home.account_no)
        page.fill("#name", home.name)
        page.fill("#phone_tail", home.phone[-4:])
        page.get_by_role("button", name="绑定").click()
        expect(page.locator(".total")).to_contain_text("待缴合计")
        keep_picture(page, "phone_home")
        page.locator('a[href*="/bill/"]').first.click()
        page.get_by_role("link", name=re.compile("怎么算")).click()
        expect(page.locator("main")).to_contain_text("38.32")
        keep_picture(page, "phone_how")
        page.goto(f"/m/{billed.code}/pay/")
        page.get_by_role("button", name="微信支付").click()
        expect(page.locator("#state")).to_contain_text("等待支付")
        keep_picture(page, "phone_order")
        order_page = page.url
        page.get_by_role("link", name="打开微信支付").click()
        page.get_by_role("button", name=re.compile("支付")).first.click()
        page.goto(order_page)
        expect(page.locator("#state")).to_contain_text("已到账", timeout=20_000)
        keep_picture(page, "phone_paid")
        assert _owed_fen(billed, home.account_no) == 0

    def test_is_refused_with_a_wrong_phone(self, billed: Company, page: Page) -> None:
        page.goto(f"/m/{billed.code}/bind/")
        page.fill("#account_no", billed.homes[12].account_no)
        page.fill("#name", billed.homes[12].name)
        page.fill("#phone_tail", "0000")
        page.get_by_role("button", name="绑定").click()
        expect(page.locator("[role=alert]")).to_contain_text("不一致")


class TestImport:
    def test_names_the_wrong_row_and_takes_the_mended_file(
        self, billed: Company, page: Page
    ) -> None:
        sign_in(page, Role.BILLER)
        page.goto("/console/customers/import/")
        page.set_input_files("[name=file]", _file(area="八十"))
        page.get_by_role("button", name="试算").click()
        expect(page.locator("main")).to_contain_text("收费面积")
        keep_picture(page, "import_errors")
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("下载标注")).click()
        assert download.value.suggested_filename.endswith(".xlsx")
        page.set_input_files("[name=file]", _file(area="80"))
        page.get_by_role("button", name="试算").click()
        page.get_by_role("button", name="确认导入").click()
        page.wait_for_load_state("networkidle")
        with tenancy.bind(billed.tenant_id):
            assert customers.get_account_by_no(account_no="88000001").area_milli == 80_000


def _file(*, area: str) -> dict[str, object]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["户号", "户名", "小区", "楼栋", "房号", "收费面积", "用能类型", "价格方案", "起始日期"]
    )
    plan = "harbin-heat-residential"
    sheet.append(["88000001", "王䶮", "新小区", "1号楼", "101", area, "供热", plan, "2025-10-20"])
    buffer = io.BytesIO()
    book.save(buffer)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "新用户.xlsx", "mimeType": kind, "buffer": buffer.getvalue()}


class TestTokens:
    def test_are_issued_copied_and_revoked(self, company: Company, page: Page) -> None:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        sign_in(page, Role.SYSTEM_ADMIN)
        page.goto("/console/tokens/")
        page.get_by_role("button", name="发放令牌").click()
        page.fill("#token-name", "财务系统")
        page.locator("[name=scope][value='billing:read']").check()
        keep_picture(page, "token_new")
        page.get_by_role("button", name="发放", exact=True).click()
        secret = page.locator("#secret").input_value()
        page.get_by_role("button", name="复制").click()
        expect(page.get_by_role("button", name="已复制")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == secret
        keep_picture(page, "token_shown")
        bearer = {"Authorization": f"Bearer {secret}"}
        assert page.request.get("/api/v1/bills", headers=bearer).status == 200
        page.reload()
        expect(page.locator("#secret")).to_have_count(0)
        page.get_by_role("button", name="吊销 财务系统").click()
        page.get_by_role("button", name="确认吊销").click()
        expect(page.locator("tbody")).to_contain_text("已吊销")
        assert page.request.get("/api/v1/bills", headers=bearer).status == 401


PAGES = {
    Role.COUNTER_CLERK: ("counter", "shift", "profile"),
    Role.MANAGER: (
        "dashboard", "building", "bills", "payments", "arrears", "late-fees", "messages", "customers",
    ),
    Role.BILLER: ("runs", "runs/new", "exceptions", "readings", "customers/import"),
    Role.FINANCE: ("reconciliation",),
    Role.TARIFF_OFFICER: ("prices", "prices/new"),
    Role.SYSTEM_ADMIN: ("users", "tokens", "mail", "wechat"),
    Role.AUDITOR: ("audit",),
}  # fmt: skip
# A page of one thing is opened by the first link of its list that leads there.
DETAILS = {
    "bill": ("bills", r"/console/bills/\d+/$"),
    "how": ("bills", r"/console/bills/\d+/how/$"),
    "customer": ("customers", r"/console/customers/\d+/$"),
    "meter": ("customers", r"/console/readings/\d+/$"),
    "run": ("runs", r"/console/runs/\d+/$"),
    "price": ("prices", r"/console/prices/\d+/$"),
}


class TestPages:
    @pytest.mark.parametrize("role", list(PAGES))
    def test_open_without_a_complaint_of_the_browser(
        self, billed: Company, page: Page, role: Role
    ) -> None:
        sign_in(page, role)
        for name in PAGES[role]:
            _look_at(page, f"/console/{name}/", name)

    @pytest.mark.parametrize("name", list(DETAILS))
    def test_of_one_thing_open_from_their_list(
        self, billed: Company, page: Page, name: str
    ) -> None:
        sign_in(page, Role.BILLER)
        listed, pattern = DETAILS[name]
        page.goto(f"/console/{listed}/")
        links = page.locator("main a[href]").evaluate_all("all => all.map(a => a.pathname)")
        address = next(link for link in links if re.search(pattern, link))
        _look_at(page, address, name)

    def test_preview_opens_from_a_customer(self, billed: Company, page: Page) -> None:
        sign_in(page, Role.BILLER)
        page.goto("/console/customers/")
        links = page.locator("main a[href]").evaluate_all("all => all.map(a => a.pathname)")
        page.goto(next(link for link in links if re.search(DETAILS["customer"][1], link)))
        page.get_by_role("link", name="试算账单").click()
        page.get_by_role("button", name="计算").click()
        expect(page.locator(".steps").first).to_be_visible()
        _look_at(page, page.url, "preview")


def _look_at(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    expect(page.locator("main")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{address} is {wide} pixels wider than the window"
    keep_picture(page, f"page_{name.replace('/', '_')}")

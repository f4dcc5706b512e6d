"""A price goes from the officer's desk over the manager's to everybody's phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from metercash.platform.access import Role
from tests.functional.conftest import Company, keep_picture, sign_in


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """The notice the price is taken from."""
    file = tmp_path / "通知.pdf"
    file.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    return file


class TestPrice:
    def test_is_written_checked_approved_published_and_calculated(
        self, company: Company, page: Page, notice: Path
    ) -> None:
        sign_in(page, Role.TARIFF_OFFICER)
        page.goto("/console/prices/?text=harbin-heat-nonresidential")
        page.get_by_role("link", name="harbin-heat-nonresidential", exact=True).click()
        page.get_by_role("link", name="以此起草新版").click()
        text = page.locator("#yaml")
        document = text.input_value()
        expect(page.locator("#check")).to_contain_text("文件没有错误")

        text.fill(document.replace("price: 43.30", "prise: 45.00"))
        expect(page.locator("#check")).to_contain_text("是不是 price")
        keep_picture(page, "price-mistake")
        mended = document.replace("price: 43.30", "price: 45.00").replace(
            "effective_from: 2010-10-20", "effective_from: 2027-10-20"
        )
        text.fill(mended)
        expect(page.locator("#check")).to_contain_text("90 m²")
        # 90 m² at 45.00 instead of 43.30 yuan.
        expect(page.locator("#check")).to_contain_text("153.00")
        keep_picture(page, "price-editor")
        page.get_by_role("button", name="保存草稿").click()

        expect(page.locator("main")).to_contain_text("面积单价")
        page.set_input_files("[name=file]", str(notice))
        page.get_by_role("button", name="附上").click()
        expect(page.locator("main")).to_contain_text("通知.pdf")
        page.get_by_role("button", name="提交批准").click()
        expect(page.locator("main")).to_contain_text("起草人不能批准自己的文件")
        address = page.url

        sign_in(page, Role.MANAGER)
        page.goto(address)
        page.click("[data-open=return]")
        page.locator("#return [name=reason]").fill("文号写全")
        page.locator("#return").get_by_role("button", name="退回").click()

        sign_in(page, Role.TARIFF_OFFICER)
        page.goto(address)
        expect(page.locator("main")).to_contain_text("文号写全")
        page.get_by_role("link", name="修改").click()
        text = page.locator("#yaml")
        text.fill(text.input_value().replace("citation: ", "citation: 哈发改价格〔2027〕1号 ", 1))
        page.get_by_role("button", name="保存草稿").click()
        page.get_by_role("button", name="提交批准").click()

        sign_in(page, Role.MANAGER)
        page.goto(address)
        expect(page.locator("main")).to_contain_text("43.30")
        keep_picture(page, "price-approval")
        page.get_by_role("button", name="批准").click()
        page.get_by_role("button", name="公布").click()
        expect(page.locator("main")).to_contain_text("数字签名")

        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"/m/{company.code}/prices/")
        expect(page.locator("main")).to_contain_text("2027-10-20 起执行")
        page.locator("a", has_text="2027-10-20 起执行").click()
        page.fill("[name=area_milli]", "100")
        page.get_by_role("button", name="计算").click()
        expect(page.locator("#answer")).to_contain_text("4,500.00")
        expect(page.locator("main")).to_contain_text("通知.pdf")
        keep_picture(page, "price-public")

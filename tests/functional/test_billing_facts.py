"""A clerk writes down what prices ask for, ends it, and takes a mistake back."""

from playwright.sync_api import Page, expect

from metercash.contexts.customers import api as customers
from metercash.platform import tenancy
from metercash.platform.access import Role
from tests.functional.conftest import Company, keep_picture, sign_in


def account_of(company: Company) -> int:
    """The last home of the company, which no other journey looks at."""
    with tenancy.bind(company.tenant_id):
        number = company.homes[-1].account_no
        return customers.get_account_by_no(account_no=number).account_id


class TestBillingFacts:
    def test_are_written_ended_and_taken_back(self, company: Company, page: Page) -> None:
        account_id = account_of(company)
        sign_in(page, Role.SERVICE_AGENT)
        page.goto(f"/console/customers/{account_id}/")
        page.get_by_role("link", name="计费资料").click()

        page.click("[data-open=new-AREA_PART]")
        dialog = page.locator("#new-AREA_PART")
        dialog.get_by_label("部位").select_option("BALCONY")
        dialog.get_by_label("面积").fill("6.5")
        dialog.get_by_label("净高").fill("2.1")
        dialog.get_by_label("第一天").fill("2025-10-20")
        keep_picture(page, "facts-form")
        dialog.get_by_role("button", name="保存").click()
        expect(page.locator("#area_part tbody")).to_contain_text("封闭阳台")

        page.click("[data-open=new-EVIDENCE]")
        dialog = page.locator("#new-EVIDENCE")
        dialog.get_by_label("证号或文件").fill("低保证 2025-118")
        dialog.get_by_label("第一天").fill("2025-10-20")
        dialog.get_by_role("button", name="保存").click()
        expect(page.locator("#evidence tbody")).to_contain_text("低保证 2025-118")
        keep_picture(page, "facts")

        page.locator("#evidence").get_by_role("button", name="终止").click()
        page.locator("dialog[open] [name=last]").fill("2026-04-19")
        page.locator("dialog[open]").get_by_role("button", name="保存").click()
        expect(page.locator("#evidence tbody")).to_contain_text("2026-04-19")

        page.locator("#area_part").get_by_role("button", name="删除").click()
        page.locator("dialog[open]").get_by_role("button", name="确认删除").click()
        expect(page.locator("#area_part tbody")).to_have_count(0)

        with tenancy.bind(company.tenant_id):
            kept = customers.account_facts(account_id=account_id)
        assert kept.parts == ()
        assert [proof.code for proof in kept.evidences] == ["LOW_INCOME"]

    def test_refuse_days_that_are_taken(self, company: Company, page: Page) -> None:
        account_id = account_of(company)
        sign_in(page, Role.SERVICE_AGENT)
        for _ in range(2):
            page.goto(f"/console/customers/{account_id}/facts/")
            page.click("[data-open=new-SUPPLY]")
            dialog = page.locator("#new-SUPPLY")
            dialog.get_by_label("停供第一天").fill("2025-10-20")
            dialog.get_by_role("button", name="保存").click()
            page.wait_for_load_state()
        expect(page.get_by_text("这段时间里已有同类记录")).to_be_visible()
        expect(page.locator("#supply tbody tr")).to_have_count(1)

    def test_offer_no_form_to_those_who_may_only_look(self, company: Company, page: Page) -> None:
        sign_in(page, Role.MANAGER)
        page.goto(f"/console/customers/{account_of(company)}/facts/")
        expect(page.get_by_role("button", name="登记")).to_have_count(0)

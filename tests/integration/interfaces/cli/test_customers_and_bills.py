"""Commands that bring customers in, bill them and correct their bills."""

import io
import json
from datetime import date

import openpyxl
import pytest

from metercash.contexts.billing import api as billing
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from tests.integration.interfaces.cli.conftest import NOBODY, SEASON
from tests.support.customers import as_csv, row


PERIOD = ("--since", SEASON.start, "--until", SEASON.end, "--due", date(2025, 12, 31))


@pytest.fixture
def billed(run, home, code):
    """The bill of the home's season, made by the command."""
    done = run("bill", "run", *PERIOD, "--tenant", code, "--json").json
    assert (done["status"], done["counts"]["posted"]) == ("DONE", 1)
    [bill] = home.bills()
    return bill


class TestImportCustomers:
    def file(self, tmp_path, *rows):
        file = tmp_path / "用户.csv"
        file.write_bytes(as_csv(rows))
        return file

    def test_checks_first_then_writes(self, run, code, tmp_path):
        file = self.file(tmp_path, row(1), row(2))
        arguments = ("import", "customers", file, "--tenant", code, "--json")
        dry = run(*arguments, "--dry-run").json
        assert (dry["created"], customers.list_accounts().items) == (2, [])
        assert run(*arguments).json["created"] == 2
        assert run(*arguments).json["unchanged"] == 2
        assert len(customers.list_accounts().items) == 2

    def test_names_wrong_rows_and_writes_nothing(self, run, code, tmp_path):
        file, marked = self.file(tmp_path, row(1), row(2, 手机号="12")), tmp_path / "错误.xlsx"
        arguments = ("import", "customers", file, "--tenant", code, "--error-file", marked)
        told = run(*arguments)
        assert (told.code, "1 处错误" in told.err) == (3, True)
        [error] = run(*arguments, "--json").json["errors"]
        assert (error["row"], error["field"]) == (3, "手机号")
        assert customers.list_accounts().items == []
        assert openpyxl.load_workbook(marked).active.max_row >= 2

    def test_refuses_a_file_that_is_not_there(self, run, code, tmp_path):
        told = run("import", "customers", tmp_path / "none.csv", "--tenant", code)
        assert (told.code, "none.csv" in told.err) == (2, True)

    def test_refuses_an_unknown_company(self, run, tenant, tmp_path):
        told = run("import", "customers", self.file(tmp_path, row(1)), "--tenant", NOBODY)
        assert told.code == 1
        assert NOBODY in told.err
        assert told.out == ""

    def test_writes_a_template_that_can_be_filled_in(self, run, database, tmp_path):
        file = tmp_path / "模板.xlsx"
        assert run("import", "template", file).code == 0
        sheet = openpyxl.load_workbook(io.BytesIO(file.read_bytes())).active
        assert "户号*" in [cell.value for cell in sheet[1]]


class TestBill:
    def test_preview_equals_the_bill(self, run, home, code):
        account = customers.get_account(account_id=home.account_id)
        [shown] = run(
            *("bill", "preview", account.account_no, "--since", SEASON.start),
            *("--until", SEASON.end, "--tenant", code, "--json"),
        ).json
        run("bill", "run", *PERIOD, "--tenant", code)
        [bill] = home.bills()
        assert (shown["bill_id"], shown["total_fen"]) == (None, bill.total_fen)
        assert [line["because"] for line in shown["lines"]] == [
            json.loads(json.dumps(dict(line.because), default=str)) for line in bill.lines
        ]

    def test_billed_already_is_not_billed_again(self, run, home, billed, code):
        again = run("bill", "run", *PERIOD, "--tenant", code, "--json").json
        assert (again["status"], again["counts"]["posted"]) == ("DONE", 0)
        assert again["already_billed"] == 1
        assert run("bill", "resume", again["run_id"], "--tenant", code).code == 1
        assert len(home.bills()) == 1

    def test_resumes_a_run_that_was_only_made(self, run, home, code, now):
        made = billing.create_run(
            period=SEASON,
            commodity="HEAT",
            due_date=SEASON.end,
            now=now,
        )
        resumed = run("bill", "resume", made.run_id, "--tenant", code, "--json").json
        assert (resumed["status"], resumed["counts"]["posted"]) == ("DONE", 1)

    def test_shows_one_as_table_json_and_pdf(self, run, billed, code, tmp_path):
        table = run("bill", "show", billed.bill_id, "--tenant", code)
        assert (table.code, billed.bill_no in table.out) == (0, True)
        shown = run("bill", "show", billed.bill_id, "--tenant", code, "--json").json
        assert shown["total_fen"] == billed.total_fen
        file = tmp_path / "bill.pdf"
        assert run("bill", "pdf", billed.bill_id, file, "--tenant", code).code == 0
        assert file.read_bytes().startswith(b"%PDF")

    def test_reverses_and_bills_again(self, run, home, billed, code, clerk):
        by = ("--by", clerk, "--tenant", code, "--json")
        told = run("bill", "reverse", billed.bill_id, "--reason", "面积登记有误", *by)
        assert told.json == {"reversed": billed.bill_id}
        assert ledger.list_open_items(account_ids=[home.account_id]) == []
        made = run("bill", "rebill", billed.bill_id, *by).json["bill_id"]
        assert billing.get_bill(bill_id=made).total_fen == billed.total_fen
        second = run("bill", "reverse", billed.bill_id, "--reason", "再来一次", *by)
        assert second.code == 1
        assert ledger.verify().ok

    def test_refuses_an_unknown_user_or_bill(self, run, billed, code):
        nobody = run(
            *("bill", "reverse", billed.bill_id, "--reason", "x", "--by", "nobody"),
            *("--tenant", code),
        )
        assert (nobody.code, "nobody" in nobody.err) == (1, True)
        assert run("bill", "show", 404404404, "--tenant", code).code == 1

    @pytest.mark.parametrize("since", ["2025-13-01", "yesterday"])
    def test_refuses_what_is_no_day(self, run, code, since):
        told = run(
            *("bill", "run", "--since", since, "--until", SEASON.end),
            *("--due", SEASON.end, "--tenant", code),
        )
        assert (told.code, since in told.err) == (2, True)

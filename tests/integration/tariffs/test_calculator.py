"""Comparing and calculating, without writing anything."""

from datetime import datetime

import pytest

from metercash.contexts.tariffs import api
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.platform import audit
from metercash.rating.errors import FactMissing, PlanDocumentInvalid
from metercash.rating.facts_json import FactsInvalid
from tests.support.tariffs import published, submitted, text


FACTS = {"period": {"start": "2025-10-20", "end": "2026-04-21"}, "area_milli": 90_250}


class TestCompare:
    def test_with_the_version_it_follows(self, tenant: int, now: datetime) -> None:
        old = published(now, "2025-01-01", "20")
        published(now, "2027-01-01", "30")
        new = submitted(now, "2026-01-01", "21.5")
        compared = api.compare(document_id=new.document_id)
        assert compared.old is not None
        assert compared.old.document_id == old.document_id
        assert [str(one) for one in compared.differences] == [
            "修改 生效日：2025-01-01 → 2026-01-01 日期",
            "修改 面积热费·面积单价：20 → 21.5 元/平方米",
        ]
        assert compared.text[:2] == ("--- test-heat v1", "+++ test-heat v3")

    def test_of_a_first_version_is_all_new(self, tenant: int, now: datetime) -> None:
        compared = api.compare(document_id=submitted(now).document_id)
        assert (compared.old, compared.differences) == (None, ())
        assert all(line.startswith("+") for line in compared.text[3:])

    def test_with_another(self, tenant: int, now: datetime) -> None:
        one, other = submitted(now, price="20"), submitted(now, price="30")
        both = {"document_id": one.document_id, "with_id": other.document_id}
        assert [d.old for d in api.compare(**both).differences] == ["30"]
        with pytest.raises(NotFound):
            api.compare(**both, public=True)


class TestCalculate:
    def test_explains_every_line_and_writes_nothing(self, tenant: int, now: datetime) -> None:
        document = published(now, price="20")
        before = audit.list_entries().total
        done = api.calculate(document_id=document.document_id, facts=FACTS, public=True)
        assert done == api.calculate(text=document.yaml_text, facts=FACTS)
        [line] = done.lines
        assert (done.total_fen, line.amount_fen) == (180_500, 180_500)
        assert (line.quantity, line.price, line.label_zh) == ("90.25", "20", "面积热费")
        assert "依据测试〔2025〕1号第一条" in line.sentence_zh
        assert "1,805.00 yuan" in line.sentence_en
        assert audit.list_entries().total == before

    def test_refuses_what_it_cannot_rate(self, tenant: int, now: datetime) -> None:
        hidden = submitted(now).document_id
        assert api.calculate(document_id=hidden, facts=FACTS).total_fen
        for arguments, error in (
            ({"document_id": hidden, "public": True}, NotFound),
            ({}, InvalidInput),
            ({"text": text(), "document_id": hidden}, InvalidInput),
            ({"text": "x: 1"}, PlanDocumentInvalid),
            ({"text": text(), "facts": {}}, FactsInvalid),
            ({"text": text(), "facts": {"period": FACTS["period"]}}, FactMissing),
        ):
            with pytest.raises(error):
                api.calculate(**({"facts": FACTS} | arguments))  # type: ignore[arg-type]

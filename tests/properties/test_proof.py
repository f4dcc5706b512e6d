"""Two calculators written apart agree on every kind of rule, whatever the document and the facts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import plans, proofs


@pytest.mark.parametrize("kind", plans.KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_the_calculator_agrees_with_the_engine(kind: str, data: st.DataObject) -> None:
    text, facts = data.draw(plans.case(kind))
    assert proofs.told(text, facts) == []

"""The categories of customers and those price documents may be limited to are the same."""

from metercash.contexts.customers.contracts import Category
from metercash.rating.facts import CATEGORIES


def test_are_the_same():
    assert {one.value for one in Category} == set(CATEGORIES)

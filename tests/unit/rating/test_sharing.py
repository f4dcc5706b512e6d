"""A season's charge borne by several holders."""

from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.money import Money
from metercash.rating.sharing import Among, borne_by_others


def test_a_home_that_changed_hands_says_what_the_others_bear() -> None:
    # 3458.38 × 92 ÷ 183 = 1738.638…, so the first holder bears 1738.64 and 1719.74 is taken off.
    line = borne_by_others(
        Money(345_838), (92, 91), 0, among=Among.HOLDERS, citation="哈发改规〔2023〕1号"
    )
    assert line.amount == Money(173_864 - 345_838)
    assert line.because.sentence_zh().startswith(
        "依据哈发改规〔2023〕1号（过户，按天分担）：全期费用（元） 3458.38，本户天数 92，全期天数 183；"
        "3458.38 × 92 ÷ 183 − 3458.38 = -1719.74"
    )
    assert line.because.sentence_zh().endswith("按最大余数分到分为 -1,719.74 元。")
    assert "split to the fen by largest remainder" in line.because.sentence_en()


@given(fen=st.integers(0, 10**9), days=st.lists(st.integers(1, 366), min_size=2, max_size=6))
def test_the_shares_sum_to_the_charge(fen: int, days: list[int]) -> None:
    total = Money(fen)
    borne = [
        total + borne_by_others(total, days, i, among=Among.PRICES, citation="x").amount
        for i in range(len(days))
    ]
    assert Money.sum(borne) == total
    assert min(borne) >= Money(0)

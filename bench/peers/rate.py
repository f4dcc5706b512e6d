"""Rate a year of readings with two published calculators; run by ``bench.rating`` in an environment of its own.

Arguments: a file of readings (``.npy``, kWh thousandths, customers × 35,040 quarter-hours), a tariff as JSON.
Prints JSON: per calculator the yuan of every customer's year and the seconds spent rating.
"""

import itertools
import json
import sys
import time

import numpy as np


DAYS_AHEAD, HOURS = 365, 24
UNLIMITED = 1e38


def pysam(readings, tariff):
    """NREL-PySAM ``utilityrate5``: the model is made once, the load replaced for every customer."""
    from PySAM import Utilityrate5

    model = Utilityrate5.new()
    rates = model.ElectricityRates
    rates.en_electricity_rates = 1
    rates.ur_metering_option = 0
    rates.ur_ec_tou_mat = pysam_prices(tariff)
    schedule = pysam_schedule(tariff)
    rates.ur_ec_sched_weekday = rates.ur_ec_sched_weekend = schedule
    rates.ur_dc_enable = 0
    rates.ur_monthly_fixed_charge = 0
    rates.ur_monthly_min_charge = rates.ur_annual_min_charge = 0
    rates.ur_nm_yearend_sell_rate = 0
    model.Lifetime.analysis_period = 1
    model.Lifetime.inflation_rate = 0
    model.Lifetime.system_use_lifetime_output = 0
    model.SystemOutput.degradation = [0]
    model.SystemOutput.gen = [0] * readings.shape[1]
    model.Load.load_escalation = [0]
    totals = []
    for load in readings * 4 / 1000:
        model.Load.load = load.tolist()
        model.execute()
        totals.append(model.Outputs.utility_bill_wo_sys_year1)
    return totals


def pysam_prices(tariff):
    """Rows of (period, tier, most kWh, kWh a month, buy, sell)."""
    if tariff["kind"] == "time_of_use":
        return [
            [number, 1, UNLIMITED, 0, float(zone["price"]), 0]
            for number, zone in enumerate(tariff["zones"], 1)
        ]
    bounds = [*tariff["bounds"], UNLIMITED]
    return [
        [1, number, bound, 0, float(price), 0]
        for number, (bound, price) in enumerate(zip(bounds, tariff["prices"], strict=True), 1)
    ]


def pysam_schedule(tariff):
    """Which period every hour of a day of every month belongs to."""
    day = [1] * HOURS
    if tariff["kind"] == "time_of_use":
        for number, zone in enumerate(tariff["zones"], 1):
            for start, end in zone["hours"]:
                day[start:end] = [number] * (end - start)
    return [day] * 12


def ts_tariffs(readings, tariff):
    """ts-tariffs: one pandas series a customer."""
    import pandas as pd
    from ts_tariffs.meters import MeterData
    from ts_tariffs.tariffs import BlockTariff, TouTariff
    from ts_tariffs.ts_utils import TouBins
    from ts_tariffs.utils import Block

    index = pd.date_range("2025-01-01", periods=readings.shape[1], freq="15min")
    common = ("energy", "", "kWh", "yuan/kWh", None, 1.0)
    if tariff["kind"] == "time_of_use":
        hours = pysam_schedule(tariff)[0]
        edges = [hour for hour in range(1, HOURS) if hours[hour] != hours[hour - 1]]
        prices = [float(tariff["zones"][number - 1]["price"]) for number in hours]
        rates = [prices[hour] for hour in (0, *edges)]
        bins = TouBins(time_bins=edges, bin_rates=rates, bin_labels=[str(e) for e in (0, *edges)])
        applied = TouTariff(*common, tou=bins)
    else:
        bounds = [0, *tariff["bounds"], UNLIMITED]
        blocks = [Block(low, high) for low, high in itertools.pairwise(bounds)]
        labels = [str(number) for number in range(len(blocks))]
        rates = [float(price) for price in tariff["prices"]]
        applied = BlockTariff(
            *common, frequency_applied="month", blocks=blocks, bin_rates=rates, bin_labels=labels
        )
    totals = []
    for values in readings / 1000:
        data = MeterData("one", pd.Series(values, index=index), "15min", "kWh")
        totals.append(float(applied.apply(data).total))
    return totals


def main(readings_file, tariff_text):
    """Rate with each calculator, once to warm up on two customers and once measured."""
    readings, tariff = np.load(readings_file), json.loads(tariff_text)
    found = {}
    for name, rate in (("pysam", pysam), ("ts_tariffs", ts_tariffs)):
        rate(readings[:2], tariff)
        began = time.perf_counter()
        totals = rate(readings, tariff)
        found[name] = {"seconds": time.perf_counter() - began, "yuan": totals}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])

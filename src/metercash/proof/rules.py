"""Every rule by its kind, each a method: from the rules of docs/algorithms, not from the engine."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter

from metercash.proof.given import ONE, ZERO, Account, Due, Written, half_up, need, shared_out


def tiers(bounds: list[Fraction], before: Fraction, usage: Fraction) -> list[Fraction]:
    """Usage by tier: what lies below a bound after the usage, less what lay there before."""
    below = [ZERO, *(min(before + usage, b) - min(before, b) for b in bounds), usage]
    return [here - lower for lower, here in pairwise(below)]


def percent_of_1983(standard: int, factor: int) -> Fraction:
    """The table of (83)水电财字第215号 by its rule, both numbers in hundredths.

    Each hundredth short of the standard adds 0.5 %, beyond twenty 1 %, beyond twenty-five 2 %; each
    above takes off 0.1 %, beyond 0.90 it is 0.15 %, until 0.95, 0.94 or 0.92.
    """
    short, best = standard - factor, min(factor, {90: 95, 85: 94, 80: 92}[standard])
    if short >= 0:
        return Fraction(short + max(0, short - 20) + 2 * max(0, short - 25), 2)
    return -Fraction(2 * max(0, min(best, 90) - standard) + 3 * max(0, best - 90), 20)


class Rules(Account):
    """Heat, then measured usage, then commercial electricity, then what is taken off."""

    def fee(self, rule: Written, size: Fraction, price: Fraction) -> Fraction:
        """Price × area × factor ÷ divisor, times months or days, or by the days of the season."""
        late, (begins, ends) = self.supply in rule.get("late_by_days", ()), self.heating_season()
        first, per = max(self.start, begins), rule.get("per") or rule.get("basic_per")
        by_days = late or rule.get("proration") == "ACTUAL_DAYS"
        if by_days and self.supply in ("RESUMED", "FIRST_CONNECTION"):
            first = max(first, date.fromisoformat(self.get("heated_from", "")))
        served = max(0, (min(self.end, ends) - first).days)
        fee = price * size * rule("factor", 1) / rule("usable_divisor", 1)
        if per == "DAY":
            return fee * served
        fee *= rule("months", 1) if per == "MONTH" else 1
        return fee * served / (ends - begins).days if by_days else fee

    def by_area(self, rule: Written, code: str, price: str) -> None:
        size = self.kilo("usable_area_milli" if rule.says("usable") else "area_milli")
        self.add(code, size, rule(price), self.fee(rule, size, rule(price)))

    def area(self, rule: Written) -> None:
        """Chargeable or usable area; a price for chargeable meters is divided for usable ones."""
        self.by_area(rule, rule.get("code", "heat.area"), "price")

    def area_parts(self, rule: Written) -> None:
        """A line for each sort of part, and one for those too low to count fully."""
        sorts, homes, price = rule.each("parts"), self.each("parts"), rule("price")
        need({one["part"] for one in homes} <= {sort["part"] for sort in sorts}, "parts")
        for sort in sorts:
            own = [home for home in homes if home["part"] == sort["part"]]
            bound = sort("full_from_mm", 0)
            need(not bound or all(home("height_mm", 0) for home in own), "height_mm")
            for low in ("", "low_"):
                found = [h for h in own if (h("height_mm", 0) < bound) == bool(low)]
                if size := sum((home.kilo("area_milli") for home in found), ZERO):
                    fee = self.fee(rule, size, price) * sort(low + "factor")
                    self.add(sort[low + "code"], size, price, fee)

    def height_surcharge(self, rule: Written) -> None:
        """A share of the exact fee above a height: by steps, by ratio, or one for all."""
        above = (height := self("height_mm", 0)) - rule("over_mm")
        need(height <= rule("negotiated_over_mm", int(height)), "height_mm")
        share = rule("percent_per_step", 0) or rule("flat_percent", 0) or 100 * ONE
        percent = rule("flat_percent", 0)
        if "ratio_of_mm" in rule:
            percent = 100 * (height / rule("ratio_of_mm") - 1)
        elif "step_mm" in rule:
            steps = above / rule("step_mm")
            ways = {"STARTED_STEPS": ONE * -(-steps // 1), "PROPORTIONAL": steps}
            percent = share * ways.get(rule.get("partial_step", ""), ONE * (steps // 1))
        percent = min(percent, rule("max_percent", 10**9))
        if above > 0 and percent:
            base = [one.exact for one in self.lines if one.code in rule.get("on", ["heat.area"])]
            exact = sum(base) * percent / 100
            self.add(rule.get("code", "heat.height"), percent, share / 100, exact)

    def stop_fee(self, rule: Written) -> None:
        """A share of the season's exact fee in its place: the share when the season began."""
        if self.supply == "STOPPED":
            begins, on = str(self.heating_season()[0]), rule.get("on", ["heat."])
            shares = [one for one in rule.each("shares") if one.get("effective_from", "") <= begins]
            fee = [one for one in self.lines if one.code.startswith(tuple(on))]
            need(fee and shares and "heated_from" not in self, "shares")
            self.lines = [one for one in self.lines if one not in fee]
            base = ONE * sum(one.exact for one in fee)
            self.add(rule.get("code", "heat.stop_fee"), base, shares[-1]("percent") / 100)

    def payers(self, rule: Written) -> None:
        """What others bear of the printed fee comes off, by largest remainder, the account first."""
        fee, others = self.printed(rule.get("on", ["heat."])), rule.each("others")
        weights = [rule("own"), *(other("share") for other in others)]
        if fee > 0 and self.evidence.isdisjoint(rule.get("unless", ())):
            for other, part in zip(others, shared_out(int(fee * 100), weights)[1:], strict=True):
                share = -other("share") / sum(weights)
                self.lines.append(Due(other["code"], fee, share, share * fee, -part))

    def two_part(self, rule: Written) -> None:
        """Basic × area + metered × heat, down to its ceiling, then settled with what was charged."""
        settlement, made = rule.get("settlement"), len(self.lines)
        if "METER_FAULTY" in self.evidence:
            self.by_area(rule, "heat.area", "area_price")
        else:
            self.by_area(rule, "heat.basic", "basic")
            heat, price = self.used("total", rule["unit"]), rule("metered")
            factors, year = rule.under("heat_factors"), str(self.heating_season()[0].year)
            factor = factors(year) if factors else rule("heat_factor", 1)
            self.add("heat.metered", heat, price, price * heat * factor)
            if settlement in ("NEVER_ABOVE_AREA_FEE", "CAPPED_OVER_AREA"):
                most = self.fee(rule, self.lines[made].quantity, rule("area_price"))
                most *= 1 + rule("cap_percent", 0) / 100
                self.settle("heat.cap", min(ZERO, most - self.printed(since=made)))
        self.settle("heat.carried_in", self("carried_fen", 0) / 100)
        self.settle("heat.prepaid", -self("prepaid_fen", 0) / 100)
        if settlement == "CARRIED_TO_NEXT_SEASON" and self("prepaid_fen", 0):
            self.settle("heat.carried_out", -self.printed(since=made))

    def free(self, rule: Written, usage: Fraction) -> Fraction:
        """Free units of the months for holders of the proof, never more than were used."""
        grant = rule.under("free")
        if not grant or grant.get("evidence", "LOW_INCOME") not in self.evidence:
            return ZERO
        kept = self.kilo("free_left_milli", 0) * grant.says("carry")
        return min(usage, grant("per_month") * len(self.months()) + kept)

    def metered(self, rule: Written) -> None:
        """Price × usage of a zone, less free units; funds and surcharges the same."""
        used = self.used(rule.get("zone", "total"), rule["unit"])
        code = "fund" if rule["kind"] == "surcharge" else "energy.base"
        self.add(rule.get("code", code), used - self.free(rule, used), rule("price"))

    surcharge = metered

    def yearly(self, rule: Written) -> list[Fraction]:
        """Bounds of the year by months served ÷ 12, to the thousandth that meters count."""
        months = self("tier_months", 12)
        return [Fraction(bound * 1000 * months // 12, 1000) for bound in rule.numbers("bounds")]

    def bounds(self, rule: Written) -> list[Fraction]:
        """Bounds of the account: by months, seasons and persons."""
        bounds, count, home = self.yearly(rule), self("tier_months", 12), rule.under("household")
        if rule["cycle"] == "MONTH":
            seasons = {int(m): s for s in rule.each("seasons") for m in s["months"]}
            each = [seasons.get(month, rule).numbers("bounds") for month in self.months()]
            bounds, count = [sum(one, ZERO) for one in zip(*each, strict=True)], len(each) * ONE
        if not home or self("household_size", 0) < home("from_persons"):
            return bounds
        more = home("per_month") * self("household_months", int(count))
        first, *others = (max(bound, self.kilo("before_household_milli", 0)) for bound in bounds)
        if home.get("tiers") == "FIRST":
            return [min([first + more, *others]), *others]
        return [bound + more for bound in (first, *others)]

    def tiered(self, rule: Written) -> None:
        """Each tier at its full price, or a base on all and surcharges from the second tier."""
        used, flat, is_split = self.used(), rule.under("flat"), rule.get("style") == "SPLIT"
        chosen = flat and flat.get("evidence", "FLAT_RATE_CHOSEN") in self.evidence
        if chosen and self("household_size", 0) >= flat("from_persons"):
            self.add("energy.base", used - self.free(rule, used), flat("price"))
            return
        before = self.kilo("year_to_date_milli", 0) if rule["cycle"] == "YEAR" else ZERO
        parts = tiers(bounds := self.bounds(rule), before, used)
        if is_split:
            parts[0] -= self.free(rule, parts[0])
        elif "base" in rule:
            self.add("energy.base", used - self.free(rule, used), rule("base"))
        reached = 1 + sum(bound < before for bound in bounds)
        zones = rule.under("crossed").under(str(reached), is_free=True)
        settled = zones and parts[reached - 1] == used and before + used > bounds[0]
        for zone in zones if settled else ():
            self.add(f"ladder.{reached}.{zone}", self.used(zone), zones(zone))
        code, first = ("tier", 1) if is_split else ("ladder", 2)
        for n, price in enumerate(rule.numbers("prices"), first):
            if parts[n - 1] and not settled:
                self.add(f"{code}.{n}", parts[n - 1], price)

    def time_of_use(self, rule: Written) -> None:
        """A line for each zone at its listed price, else at what its ratio makes, rounded."""
        zones, parts, _ = rule.under("zones"), rule.under("floating"), self.used()
        floats, fixed = (sum(map(part, part)) for part in map(parts.under, ("floats", "fixed")))
        for name in zones:
            zone, used = zones.under(name), self.used(name)
            made = half_up(floats * zone("ratio", 0) + fixed, int(parts("decimals", 6)))
            if used or "days" not in rule:
                self.add(f"energy.{name}", used, zone("price") if "price" in zone else made)

    def build_up(self, rule: Written) -> None:
        """A line for each part of the price; some multiplied for holders of a proof."""
        used = self.used(rule.get("zone", "total"))
        parts = rule.under("parts", is_free=True)
        for name, part in ((name, parts.under(name)) for name in parts):
            times = part("multiplier", 1) if part.get("evidence") in self.evidence else 1
            self.add(rule.get("prefix", "energy") + f".{name}", used, part("price") * times)

    def free_units_refund(self, rule: Written) -> None:
        """Free units paid back, one line for each payment."""
        if rule.get("evidence", "LOW_INCOME") in self.evidence:
            months, every = len(self.months()), int(rule("paid_every_months", 12))
            each, price = rule("per_month"), rule("price")
            room = self.used() if rule.says("capped_by_usage") else each * months
            for begun in range(0, months, every):
                units = min(room - each * begun, each * min(every, months - begun))
                if units > 0:
                    self.add("refund.free_kwh", units, price, -price * units)

    def price_change(self, rule: Written) -> None:
        """Usage before the change at the old price, the rest at the new one or up a new ladder."""
        used, whole = self.used("total", rule.get("unit", "kWh")), len(self.each_day)
        days = (date.fromisoformat(rule["changes_on"]) - self.start).days
        share = Fraction(1, 2) if rule.get("share") == "HALF" else Fraction(days, whole)
        before = self.kilo("before_change_milli", int(half_up(used * share)) * 1000)
        if not 0 < days < whole:
            before = used if days > 0 else ZERO
        need("before_change_milli" not in self or 0 <= before <= used, "before_change_milli")
        parts = [min(before, used), *tiers(rule.numbers("bounds"), ZERO, max(ZERO, used - before))]
        codes = [f"tier.{n}" for n in range(1, len(parts))] if "bounds" in rule else ["energy.new"]
        prices = [rule("old"), *rule.numbers("new")]
        for code, price, part in zip(["energy.old", *codes], prices, parts, strict=True):
            if part:
                self.add(code, part, price)

    def linked(self, rule: Written) -> None:
        """A price that follows published values of an index, within caps, each from its day on."""
        base, index, carried = rule("price"), rule("index"), ZERO
        places = 10 ** int(rule("decimals", 4))
        steps, caps = [(date.min, base)], [rule.under("cap_each"), rule.under("cap_total")]
        for one in rule.each("publications"):
            change, least, price = one("value") - index, rule("threshold", 0), steps[-1][1]
            least *= 1 if rule.get("threshold_per") == "INDEX" else index / 100
            if change and abs(change) >= least:
                change -= (least if change > 0 else -least) if rule.get("moves") == "EXCESS" else 0
                move = change * rule("coefficient") * rule("pass_through_percent", 100) / 100
                lows, highs, wanted = [ZERO], [10**9 * ONE], price + move + carried
                for cap, middle in zip(caps, (price, base), strict=True):
                    per = (base / 100 if cap.get("per") == "PERCENT" else 1) * places
                    lows.append(middle - Fraction(cap("down", 10**9) * per // 1, places))
                    highs.append(middle + Fraction(cap("up", 10**9) * per // 1, places))
                held, index = min(max(wanted, *lows), *highs), one("value")
                carried = wanted - held if "carries" not in rule or rule.says("carries") else ZERO
                told = date.fromisoformat(one.get("noticed_on", one["published_on"]))
                since = one.get("effective_on", str(told + timedelta(int(rule("notice_days", 0)))))
                steps.append((date.fromisoformat(since), half_up(held * places) / places))
        first = max(n for n, (since, _) in enumerate(steps) if since <= self.start)
        steps = [(max(since, self.start), p) for since, p in steps[first:] if since < self.end]
        days = [Fraction((b - a).days) for a, b in pairwise([*(day for day, _ in steps), self.end])]
        used = self.used(rule.get("zone", "total"), rule["unit"])
        scale = 1000 if rule["unit"] == "GJ" else 1
        sizes = [Fraction(part, scale) for part in shared_out(int(used * scale), days)]
        if len(sizes) == 2 and "before_change_milli" in self:
            sizes[0] = self.kilo("before_change_milli", 0)
        need(sizes[0] <= used, "before_change_milli")
        sizes[-1] = used - sum(sizes[:-1])
        for (_, price), size in zip(steps, sizes, strict=True):
            self.add(rule.get("code", "energy.base"), size, price)

    def year_settlement(self, rule: Written) -> None:
        """Surcharges by the year's bounds less those charged by month, given back or asked for."""
        _first, *parts = tiers(self.yearly(rule), ZERO, self.used())
        worth = sum(p * q for p, q in zip(rule.numbers("prices"), parts, strict=True))
        left = worth - self("ladder_charged_fen") / 100
        code, way = ("year_refund", "RETURN") if left < 0 else ("year_topup", "TOP_UP")
        if rule.get("settles", "RETURN") in (way, "BOTH"):
            self.settle(f"ladder.{code}", left)

    def demand(self, rule: Written) -> None:
        """Price × billed kW for a month, by thirtieths of a part of one."""
        feeders, floor = self.numbers("demand_milli"), rule("floor_percent_of_capacity", 0) / 100
        need(feeders and min(feeders) >= 0, "demand_milli")
        actual, least = sum(feeders, ZERO) / 1000, floor and floor * self.kilo("capacity_milli")
        billed = max(actual, least)
        if rule["by"] == "CONTRACT":
            agreed = max(self.kilo("contract_demand_milli"), least)
            above = actual - agreed * rule("tolerance_percent") / 100
            billed = actual + above if above > 0 else agreed
        price, earned, exact = rule("price"), rule.under("discount"), rule("price") * billed
        if earned and self.used() / self.kilo("capacity_milli") >= earned("kwh_per_kva_min"):
            exact *= earned("factor")
        exact *= Fraction(self.thirtieths(len(self.each_day)), 30)
        self.add(rule.get("code", "demand"), billed, price, exact)

    def runs(self, one: Written, days_min: Fraction = ZERO) -> list[bool | None]:
        """Each day whether it runs, ``None`` where not connected; a short suspension is none."""
        stops = [span.days() for span in one.each("suspended")]
        stops = [(start, end) for start, end in stops if (end - start).days >= days_min]
        since, until = one.under("in_service").days()
        ran = {day: all(not start <= day < end for start, end in stops) for day in self.each_day}
        return [ran[day] if since <= day < until else None for day in self.each_day]

    def capacity(self, rule: Written) -> None:
        """Price × kVA × thirtieths ÷ 30, by day; of interlocked ones the largest that may run."""
        is_new = "NEW_CONNECTION" in self.evidence and "suspended_percent_new" in rule
        kept = rule("suspended_percent_new" if is_new else "suspended_percent", 0) / 100
        kva = {one["name"]: one("capacity_milli") / 1000 for one in self.each("transformers")}
        need(kva and len(kva) == len(self["transformers"]) and all(kva.values()), "transformers")
        groups: dict[str, dict[str, list[bool | None]]] = {}
        for one in self.each("transformers"):
            group = groups.setdefault(one.get("interlock") or " " + one["name"], {})
            group[one["name"]] = self.runs(one, rule("suspension_days_min", 0))
        charged: Counter[str] = Counter()
        for group in groups.values():
            days: Counter[tuple[bool, str]] = Counter()
            for at in range(len(self.each_day)):
                here = [(not ran[at], name) for name, ran in group.items() if ran[at] is not None]
                if here:
                    days[max(here, key=lambda one: kva[one[1]] * (kept if one[0] else 1))] += 1
            left, running_first = self.thirtieths(days.total()), sorted(days, key=itemgetter(0))
            for key in running_first:
                taken = left if key == running_first[-1] else min(left, days[key])
                left -= taken
                charged[key[1]] += taken * (kept if key[0] else 1)  # type: ignore[assignment]
        code, each, price = rule.get("code", "capacity"), rule.get("lines") == "EACH", rule("price")
        parts = {f".{n}": Fraction(kva[n] * charged[n], 30) for n in kva if n in charged}
        for name, size in (parts if each else {"": sum(parts.values(), ZERO)}).items():
            self.add(code + name, half_up(size, 3), price, price * size)

    def power_factor(self, rule: Written) -> None:
        """The table's percent of the printed lines without government funds."""
        without = rule.get("without", ("fund", "energy.fund", "power_factor"))
        base = self.printed(rule.get("on", ()), without)
        base -= rule("funds_within", 0) and rule("funds_within") * self.used()
        if "reactive_milli" in self:
            reactive = abs(self("reactive_milli")) + abs(self("reverse_reactive_milli", 0))
            active = self.used() * 1000
            need(active >= 0 and (whole := active**2 + reactive**2), "reactive_milli")
            # Half up to k hundredths is (2k − 1) ÷ 200 or more; told by squares, without a root.
            factor = sum((2 * k - 1) ** 2 * whole <= 40_000 * active**2 for k in range(1, 101))
        else:
            need(0 <= self("power_factor") <= 1, "power_factor")
            factor = int(half_up(self("power_factor"), 2) * 100)
        share = percent_of_1983(int(rule("standard") * 100), factor) / 100
        self.add(rule.get("code", "power_factor"), base, share)

    def losses(self, rule: Written) -> None:
        """Whole kWh lost are put into the usage; a line of nothing tells them."""
        copper, wire = rule("load_percent", 0) / 100, rule("line_percent", 0) / 100
        models, kwh = rule.under("models"), self("loss_kwh", 0)
        if "loss_kwh" not in self:
            need(self.get("transformers") if models else copper or wire, "losses")
            for one in self.each("transformers") if models else ():
                model = models.under(one["model"])
                month = model("no_load_kw", 0) * rule("hours_per_month", 720) or model("month_kwh")
                kwh += half_up(month * self.thirtieths(self.runs(one).count(True)) / 30)
            if copper or wire:
                kwh += half_up((read := self.used()) * copper)
                kwh += half_up((read + kwh) * wire)
        zones = {zone: used for zone, used in self.usage.items() if zone != "total"}
        if (to := rule.get("to", "total")) == "loss":
            zones = {**(zones or {"read": self.usage.get("total", ZERO)}), "loss": ZERO}
        zones = dict(sorted((zones or self.usage).items()))
        need(to in zones or (to == "SPREAD" and zones), to)
        weights = [ONE * (zone == to) for zone in zones] if to != "SPREAD" else [*zones.values()]
        parts = shared_out(int(kwh), weights if any(weights) else [ONE] * len(zones))
        self.usage = {zone: zones[zone] + part for zone, part in zip(zones, parts, strict=True)}
        self.add("losses", kwh, ZERO)

    def discount(self, rule: Written) -> None:
        """A percentage off the printed lines for proof, day or channel of payment."""
        paid_on, proofs = self.get("paid_on", ""), {*self.evidence, ""}
        steps = [step for step in rule.each("steps") if "" < paid_on < step["until"]]
        earned = [step("percent") for step in steps[:1] if paid_on >= step.get("since", "")]
        percent = rule("percent", 0) or sum(earned, ZERO)
        paid_so = "channels" not in rule or self.get("paid_by") in rule["channels"]
        may = rule.get("evidence", "") in proofs and proofs.isdisjoint(rule.get("unless", ()))
        base = max(ZERO, self.printed(rule.get("on", ())))
        if may and paid_so and base and percent:
            self.add(rule.get("code", "discount"), base, -percent / 100)

    def subsidy(self, rule: Written) -> None:
        """Money or free units for a proof, never more than the bill so far."""
        charged, amount, per, size = max(ZERO, self.printed()), rule("amount"), rule["per"], ONE
        if per == "PERCENT":
            size, amount = charged, amount / 100
        elif per == "SQUARE_METER":
            size = self.kilo("area_milli")
        elif per == "FREE_UNIT":
            size = min(rule("units", 1), self.used("total", rule.get("unit", "kWh")))
        granted = min(amount * size, charged)
        if granted and rule["evidence"] in self.evidence:
            self.add(rule.get("code", "subsidy"), size, -amount, -granted)

    def cap(self, rule: Written) -> None:
        """Takes off what the printed lines are above a ceiling."""
        size = self.kilo("area_milli") if rule.get("per") == "SQUARE_METER" else ONE
        over = rule("amount") * size - self.printed(rule.get("on", ()))
        if over < 0:
            self.add(rule.get("code", "cap"), size, rule("amount"), over)

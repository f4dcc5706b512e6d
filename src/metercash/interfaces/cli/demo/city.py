"""The demo's invented city: two companies, their estates and the people in them.

Everything is drawn from a seeded generator, so that every demo is the same city. Nobody in it exists; the
usage curves laid on the homes are real (see ``demo_data/ATTRIBUTION.md``).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕贺"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志海宁文思雨轩浩然子涵欣怡梓博"
RARE_NAMES = ("王䶮", "赵𬭎", "李𫘧", "张堃", "欧阳晓月")
STREETS = (
    "锦绣华庭",
    "育才小区",
    "学府名苑",
    "康居新村",
    "桦林苑",
    "铁西佳苑",
    "滨河湾",
    "丰泽园",
    "机械厂宿舍",
    "热电小区",
)
POWER_STREETS = ("江东花园", "民主街小区", "世纪名都", "朝阳嘉园", "松岭花园")
CENTER = (45.75, 126.63)
SHOP_NAMES = ("便民超市", "康宁药店", "老街面馆", "新华书店", "顺达五金")

FLOORS = 10
UNITS = 2
HOMES_PER_LANDING = 2
BUILDINGS_PER_COMMUNITY = 5
METERED_COMMUNITIES = 4


@dataclass(frozen=True, slots=True)
class Home:
    """One invented customer and where the person lives.

    Attributes:
        number: Counts from zero within the company; picks the curve.
        area: Chargeable square meters.
    """

    number: int
    account_no: str
    name: str
    phone: str
    community: str
    latitude: Decimal
    longitude: Decimal
    building: str
    unit: str
    floor: int
    room: str
    area: Decimal
    height_mm: int
    household_size: int
    category: str
    commodity: str
    plan_code: str
    metered: bool

    @property
    def meter_no(self) -> str:
        """The number printed on the meter."""
        return f"{'H' if self.commodity == 'HEAT' else 'E'}{self.account_no}"


@dataclass(frozen=True, slots=True)
class Plans:
    """Plan codes of the price documents the city uses."""

    area: str
    area_business: str
    metered: str
    power: str
    power_time_of_use: str


def heating_homes(plans: Plans, *, seed: int = 20260120) -> Iterator[Home]:
    """The 2,000 homes of the heating company: four estates metered, six by area, a few shops."""
    draw = random.Random(seed)  # noqa: S311 - an invented city, not a secret
    for place in _places(STREETS, draw):
        metered = place.community_index < METERED_COMMUNITIES
        shop = place.floor == 1 and place.building_index == 0 and not metered
        plan = plans.metered if metered else plans.area_business if shop else plans.area
        yield _home(
            place,
            draw,
            prefix="2301",
            commodity="HEAT",
            plan_code=plan,
            category="NON_RESIDENT" if shop else "RESIDENT",
            metered=metered,
        )


def power_homes(plans: Plans, *, seed: int = 20260121) -> Iterator[Home]:
    """The 1,000 customers of the electricity company, every fifth on a time-of-use plan."""
    draw = random.Random(seed)  # noqa: S311 - an invented city, not a secret
    for place in _places(POWER_STREETS, draw):
        time_of_use = place.number % 5 == 0
        yield _home(
            place,
            draw,
            prefix="3102",
            commodity="POWER",
            plan_code=plans.power_time_of_use if time_of_use else plans.power,
            category="RESIDENT",
            metered=True,
        )


@dataclass(frozen=True, slots=True)
class _Place:
    number: int
    community_index: int
    building_index: int
    community: str
    latitude: Decimal
    longitude: Decimal
    building: str
    unit: str
    floor: int
    room: str


def _places(communities: tuple[str, ...], draw: random.Random) -> Iterator[_Place]:
    number = 0
    for community_index, community in enumerate(communities):
        latitude = Decimal(str(round(CENTER[0] + draw.uniform(-0.05, 0.05), 6)))
        longitude = Decimal(str(round(CENTER[1] + draw.uniform(-0.08, 0.08), 6)))
        for building_index in range(BUILDINGS_PER_COMMUNITY):
            for unit in range(1, UNITS + 1):
                for floor in range(1, FLOORS + 1):
                    for door in range(1, HOMES_PER_LANDING + 1):
                        yield _Place(
                            number,
                            community_index,
                            building_index,
                            community,
                            latitude,
                            longitude,
                            f"{building_index + 1}号楼",
                            f"{unit}单元",
                            floor,
                            f"{floor}{door:02d}",
                        )
                        number += 1


def _home(
    place: _Place,
    draw: random.Random,
    *,
    prefix: str,
    commodity: str,
    plan_code: str,
    category: str,
    metered: bool,
) -> Home:
    business = category == "NON_RESIDENT"
    name = _shop(place, draw) if business else _person(place, draw)
    return Home(
        number=place.number,
        account_no=f"{prefix}{place.number + 1:07d}",
        name=name,
        phone=f"1{draw.choice('3578')}{draw.randrange(10**9):09d}",
        community=place.community,
        latitude=place.latitude,
        longitude=place.longitude,
        building=place.building,
        unit=place.unit,
        floor=place.floor,
        room=place.room,
        area=Decimal(draw.randrange(4800, 14200)).scaleb(-2),
        height_mm=3700 if business else 2800,
        household_size=1 if business else draw.choice((1, 2, 2, 3, 3, 3, 4, 5)),
        category=category,
        commodity=commodity,
        plan_code=plan_code,
        metered=metered,
    )


def _person(place: _Place, draw: random.Random) -> str:
    if place.number % 400 < len(RARE_NAMES) and place.floor == 1:
        return RARE_NAMES[place.number % 400]
    return draw.choice(SURNAMES) + "".join(draw.sample(GIVEN, draw.choice((1, 2, 2))))


def _shop(place: _Place, draw: random.Random) -> str:
    return f"{place.community}{draw.choice(SHOP_NAMES)}{place.number % 97 + 1}店"

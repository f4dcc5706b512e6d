"""Calendars of thirteen grids as price documents, from their public notices.

Where a notice is known in part only (Shandong, West Inner Mongolia, Sichuan), the hours stand for the form.
A kind of day is written ``zone hours; zone hours``, hours as in the notices: ``10-13,17:30-22``.
"""

HEAD = """\
code: grid
name_zh: 电网
name_en: Grid
locality: grid
commodity: POWER
citation: 测试文号
source: 测试
confidence: C
effective_from: 2023-01-01
components:
  - kind: time_of_use
"""

HOLIDAYS_2026 = """\
    holidays:
      - year: 2026
        citation: 国务院办公厅关于2026年部分节假日安排的通知
        days_off:
          - {name: 元旦, start: 2026-01-01, until: 2026-01-04}
          - {name: 春节, start: 2026-02-15, until: 2026-02-24}
          - {name: 清明节, start: 2026-04-04, until: 2026-04-07}
          - {name: 劳动节, start: 2026-05-01, until: 2026-05-06}
          - {name: 端午节, start: 2026-06-19, until: 2026-06-22}
          - {name: 中秋节, start: 2026-09-25, until: 2026-09-28}
          - {name: 国庆节, start: 2026-10-01, until: 2026-10-08}
        working: [2026-01-04, 2026-02-14, 2026-02-28, 2026-05-09, 2026-09-20, 2026-10-10]
"""

HOT = "    announced: [{name: hot, on: 2026-06-20, citation: 气象台最高气温公告}]\n"


def clock(text: str) -> str:
    """``9`` and ``9:30`` as ``09:00`` and ``09:30``."""
    hour, _, minute = text.partition(":")
    return f"{int(hour):02}:{minute or '00'}"


def hours(text: str) -> str:
    """A kind of day as a YAML mapping of zone to hours."""
    zones = {}
    for part in text.split(";"):
        zone, ranges = part.split()
        pairs = [one.split("-") for one in ranges.split(",")]
        zones[zone] = ", ".join(f'["{clock(a)}", "{clock(b)}"]' for a, b in pairs)
    return "{" + ", ".join(f"{zone}: [{pairs}]" for zone, pairs in zones.items()) + "}"


def document(days: list[tuple[str, str, str]], more: str = "") -> str:
    """A document; each kind of day is (name, conditions, hours)."""
    zones = dict.fromkeys(part.split()[0] for _, _, written in days for part in written.split(";"))
    text = HEAD + "    zones:\n" + "".join(f"      {zone}: {{price: 0.5}}\n" for zone in zones)
    text += "    days:\n"
    for name, conditions, written in days:
        text += f"      - {{name: {name}, {conditions}hours: {hours(written)}}}\n"
    return text + more


GRIDS = {
    "北京": document(
        [
            ("夏季", "months: [7, 8], ", ("critical 11-13,16-17; peak 10-11,17-22;"
             " flat 7-10,13-16,22-23; valley 0-7,23-24")),
            ("冬季", "months: [1, 12], ", ("critical 18-21; peak 10-13,17-18,21-22;"
             " flat 7-10,13-17,22-23; valley 0-7,23-24")),
            ("其他", "", "peak 10-13,17-22; flat 7-10,13-17,22-23; valley 0-7,23-24"),
        ]
    ),
    "上海": document(
        [
            ("节假日", "on: [WEEKEND, HOLIDAY], ", ("deep 0-6,22-24; peak 8-11,18-21;"
             " flat 6-8,11-18,21-22")),
            ("盛夏", "months: [7, 8], ", ("critical 12-14; peak 8-12,14-15,18-21;"
             " flat 6-8,15-18,21-22; valley 0-6,22-24")),
            ("九月", "months: [9], ", ("peak 8-15,18-21; flat 6-8,15-18,21-22;"
             " valley 0-6,22-24")),
            ("冬季", "months: [1, 12], ", ("critical 19-21; peak 8-11,18-19; flat 6-8,11-18,21-22;"
             " valley 0-6,22-24")),
            ("其他", "", "peak_other 8-11,18-21; flat 6-8,11-18,21-22; valley_other 0-6,22-24"),
        ],
        HOLIDAYS_2026,
    ),
    "江苏": document(
        [
            ("冬夏", "months: [6, 7, 8, 12, 1, 2], ", ("peak 14-22; valley 0-6,11-13;"
             " flat 6-11,13-14,22-24")),
            ("春秋", "months: [3, 4, 5, 9, 10, 11], ", ("peak 15-22; valley 2-6,10-14;"
             " flat 0-2,6-10,14-15,22-24")),
        ]
    ),
    "浙江": document(
        [
            ("长假", "holidays: [春节, 劳动节, 国庆节], ", ("deep 10-14; peak 8-10,14-17;"
             " flat 17-24; valley 0-8")),
            ("冬夏", "months: [1, 7, 8, 12], ", ("critical 9-11,15-17; peak 8-9,17-23;"
             " flat 13-15,23-24; valley 0-8,11-13")),
            ("春秋", "", "peak 8-11,13-17; flat 17-24; valley 0-8,11-13"),
        ],
        HOLIDAYS_2026,
    ),
    "广东": document(
        [
            ("盛夏", "months: [7, 8, 9], ", ("critical 11-12,15-17; peak 10-11,14-15,17-19;"
             " flat 8-10,12-14,19-24; valley 0-8")),
            ("高温", "announced: hot, ", ("critical 11-12,15-17; peak 10-11,14-15,17-19;"
             " flat 8-10,12-14,19-24; valley 0-8")),
            ("其他", "", "peak 10-12,14-19; flat 8-10,12-14,19-24; valley 0-8"),
        ],
        HOT,
    ),
    "山东": document(
        [
            ("一组", "months: [12, 1], ", ("critical 16-19; peak 15-16,19-22; flat 0-2,6-10,14-15,22-24;"
             " valley 2-6,10-11,13-14; deep 11-13")),
            ("二组", "months: [2], ", ("critical 17-20; peak 16-17,20-22; flat 0-2,6-10,15-16,22-24;"
             " valley 2-6,10-11,14-15; deep 11-14")),
            ("三组", "months: [3, 4, 5], ", ("critical 17-20; peak 20-22; flat 0-10,15-17,22-24;"
             " valley 10-11,14-15; deep 11-14")),
            ("四组", "months: [6, 7, 8], ", ("critical 17-22; peak 16-17; flat 0-1,7-16,22-24;"
             " valley 1-7")),
            ("五组", "months: [9, 10, 11], ", ("critical 17-19; peak 16-17,19-21;"
             " flat 0-10,15-16,21-24; valley 10-11,14-15; deep 11-14")),
        ]
    ),
    "黑龙江": document(
        [("每日", "", ("peak 7-8,9-11:30,15:30-20; valley 0-5:30,12-14,23:30-24;"
          " flat 5:30-7,8-9,11:30-12,14-15:30,20-23:30"))]
    ),
    "吉林": document(
        [("每日", "", "peak 8-10,16-21; valley 0-5,11-14,23-24; flat 5-8,10-11,14-16,21-23")]
    ),
    "辽宁": document(
        [
            ("冬夏", "months: [1, 7, 8, 12], ", ("critical 17-19; peak 7:30-10:30,16-17,19-21;"
             " valley 0-5,11:30-12:30,22-24; flat 5-7:30,10:30-11:30,12:30-16,21-22")),
            ("其他", "", ("peak 7:30-10:30,16-21; valley 0-5,11:30-12:30,22-24;"
             " flat 5-7:30,10:30-11:30,12:30-16,21-22")),
        ]
    ),
    "湖北": document(
        [
            ("盛夏", "months: [7, 8], ", ("sharp 20-22; peak 16-20,22-24; flat 6-12,14-16;"
             " valley 0-6,12-14")),
            ("其他", "", "sharp 18-20; peak 16-18,20-24; flat 6-12,14-16; valley 0-6,12-14"),
        ]
    ),
    "新疆": document(
        [
            ("七月", "months: [7], ", ("critical 21-23; peak 8-11,19-21,23-24; valley 4-8,13-14,16-17;"
             " deep 14-16; flat 0-4,11-13,17-19")),
            ("夏季", "months: [5, 6, 8], ", ("peak 8-11,19-24; valley 4-8,13-14,16-17; deep 14-16;"
             " flat 0-4,11-13,17-19")),
            ("冬季", "months: [1, 11, 12], ", ("critical 19-21; peak 8-11,21-24; valley 4-8,13-17;"
             " flat 0-4,11-13,17-19")),
            ("其他", "", "peak 8-11,19-24; valley 4-8,13-17; flat 0-4,11-13,17-19"),
        ]
    ),
    "蒙西": document(
        [
            ("小风季夏季", "months: [6, 7, 8], ", ("critical 18-20; peak 5-8,17-18,20-22;"
             " flat 0-5,8-10,15-17,22-24; valley 10-12,14-15; deep 12-14")),
            ("小风季", "months: [9], ", "peak 5-8,17-22; flat 0-5,8-10,15-17,22-24; valley 10-15"),
            ("大风季", "between: [{start: 10-01, until: 06-01}], ", ("peak_windy 6-9,16-20;"
             " flat_windy 0-6,9-10,15-16,20-24; valley_windy 10-15")),
        ]
    ),
    "四川": document(
        [
            ("夏季", "months: [7, 8], ", ("critical 13-14,21-23; peak 11-12,14-17,19-21;"
             " flat 8-11,12-13,17-19,23-24; valley 0-8")),
            ("连续高温", "announced: hot, ", ("critical 13-14,21-23; peak 11-12,14-17,19-21;"
             " flat 8-11,12-13,17-19,23-24; valley 0-8")),
            ("冬季", "months: [1, 12], ", ("peak 10-12,15-16,17-22; flat 8-10,12-15,16-17,22-24;"
             " valley 0-8")),
            ("其他", "", "peak 10-12,15-21; flat 8-10,12-15,21-24; valley 0-8"),
        ],
        HOT,
    ),
}  # fmt: skip

"""Chinese names, units and meanings of every field of a price document: for schema, manual, messages.

A field is looked up as ``Type.field`` first, then as ``field``; a test refuses a field without words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Word:
    """What a field is called in Chinese, the unit it is written in (empty for none), what it means."""

    name: str
    unit: str
    meaning: str

    @property
    def description(self) -> str:
        """All of it in one sentence."""
        unit = f"（{self.unit}）" if self.unit else ""
        return f"{self.name}{unit}：{self.meaning}" if self.meaning else f"{self.name}{unit}"


_FIELDS = """
code | 代码 | | 账单行的稳定代码，统计和其他组件的 on 用它
DocumentText.code | 价格方案代码 | | 小写字母、数字、连字符；同一方案的各版本用同一代码
Payer.code | 承担方代码 | | 以 subsidy 开头的小写代码
name_zh | 中文名称 | | 客户在账单和公示页看到的名称
name_en | 英文名称 | | 英文页面显示的名称
locality | 地区 | | 城市或省份的代码，如 harbin
commodity | 用能类型 | | HEAT 供热，POWER 供电
citation | 文号 | | 文件名称和文号，如“京发改〔2023〕1号”
source | 出处 | | 任何人能打开的网址，或附件名称
confidence | 可信度 | | A 官方原文，B 官方摘要，C 转载，D 记忆
confidence_note | 可信度说明 | | 哪里还要核对
effective_from | 生效日 | 日期 | 执行的第一天，如 2025-10-20
effective_until | 失效日 | 日期 | 不再执行的第一天；没有期限就不写
components | 计费组件 | | 按顺序计算，后面的能看到前面的账单行
season | 供暖期 | | 起止月日
late_fee | 违约金 | | 逾期缴费的规定
refund | 退费规定 | | 室温不达标和停热的退费，可有多个版本
instalments | 分期规定 | | 分几期、首期多少
prepay | 预付费规定 | | 何时提醒、何时停供
losses | 损耗 | | 高供低计的变压器和线路损耗
corrections | 追补规定 | | 计量差错、窃电、违约用能
kind | 组件种类 | | 这个组件算哪一种费用
clause | 条款 | | 依据文件的哪一条，印在账单说明里
categories | 适用类别 | | 只对这些客户类别收取；不写就是全部
label_zh | 账单行名称 | | 中文账单上的名称
label_en | 英文行名 | | 英文账单上的名称
unit | 计量单位 | | 用量的单位；与价格一致，不作换算
price | 单价 | 元/单位 | 不含单位符号的数字
Area.price | 面积单价 | 元/平方米 | 每 per 一次
AreaParts.price | 面积单价 | 元/平方米 | 每 per 一次
Capacity.price | 容量电价 | 元/千伏安·月 |
Demand.price | 需量电价 | 元/千瓦·月 |
Metered.price | 计量单价 | 元/unit | unit 是 kWh 或 GJ
Surcharge.price | 附加单价 | 元/unit | unit 是 kWh 或 GJ
FlatRate.price | 合一单价 | 元/千瓦时 | 不分档的价格
FreeUnitsRefund.price | 返还单价 | 元/千瓦时 |
PricePart.price | 构成单价 | 元/千瓦时 | 可以是负数
Zone.price | 时段电价 | 元/千瓦时 | 公布的价格，优先于比价算出的价格
per | 计价周期 | | SEASON 一季，MONTH 一月（乘 months），DAY 一天
Cap.per | 封顶口径 | | BILL 整张账单，SQUARE_METER 每平方米
Subsidy.per | 补贴方式 | | PERCENT 比例，SQUARE_METER 每平方米，BILL 每单，FREE_UNIT 免费量
months | 月数 | 月 | 按月计价时一季收几个月
Days.months | 月份 | 月 | 这类日子在哪几个月
MonthlyBounds.months | 月份 | 月 | 这些档界用在哪几个月
factor | 面积系数 | 倍 | 计费面积按几成算，一半写 0.5
PartRule.factor | 计入系数 | 倍 | 免费写 0，一半写 0.5
HighUseDiscount.factor | 折扣系数 | 倍 | 九折写 0.9
usable | 按使用面积 | | true 用使用面积，false 用收费面积
usable_divisor | 使用面积折算系数 | 倍 | 使用面积除以它得出建筑面积
proration | 供暖天数折算 | | FULL_SEASON 不折算，ACTUAL_DAYS 按天
late_by_days | 按天计的晚供 | | RESUMED 恢复用热，FIRST_CONNECTION 首次用热
parts | 构成 | | 每一部分一行
part | 部位 | | BALCONY 阳台、STAIRWELL 楼梯间、ATTIC 阁楼等
full_from_mm | 全额净高 | 毫米 | 达到这个净高按 factor 计
low_factor | 低矮系数 | 倍 | 低于全额净高时按几成计
low_code | 低矮行代码 | | 低矮部分账单行的代码
over_mm | 起加层高 | 毫米 | 超过这个高度才加价，3 米写 3000
step_mm | 每档高度 | 毫米 | 每超高多少算一档，0.3 米写 300
percent_per_step | 每档加价 | % | 百分之十写 10
partial_step | 不足一档 | | WHOLE_STEPS 不计，STARTED_STEPS 算一档，PROPORTIONAL 按比例
ratio_of_mm | 标准层高 | 毫米 | 按实际层高与它的比例加价
flat_percent | 统一加价 | % | 加倍写 100
LateFeeText.flat_percent | 一次性违约金 | % | 逾期一次收取，百分之二写 2
max_percent | 加价上限 | % | 最多加百分之几
negotiated_over_mm | 协商层高 | 毫米 | 超过它价格由双方协商，不自动计费
on | 计算基础 | | 对哪些代码开头的账单行计算；不写就是全部
Days.on | 日期类型 | | 工作日、周末或星期几
own | 个人承担 | 份 | 与各承担方 share 同一口径
others | 其他承担方 | | 单位、财政等
share | 承担份额 | 份 | 与 own 同一口径，如 own 3、share 7
PriceChange.share | 分摊方式 | | DAYS 按天，HALF 各半；有冻结读数时用读数
unless | 例外证明 | | 持有这些证明的客户不适用
shares | 停热缴费比例 | | 各年份的比例
StopShare.percent | 缴费比例 | % | 停热缴全季热费的百分之几，百分之二十写 20
basic | 基本热价 | 元/平方米 | 每 basic_per 一次
metered | 计量热价 | 元/unit | unit 是 kWh 或 GJ
area_price | 面积热价 | 元/平方米 | 结算比较用，也是坏表户的价格
basic_per | 基本热价周期 | | SEASON 一季，MONTH 一月，DAY 一天
settlement | 结算办法 | | 多退少补、不高于面积费、封顶或结转下季
cap_percent | 超面积费上限 | % | 最多比面积费高百分之几，百分之十写 10
heat_factor | 热量修正系数 | 倍 | 每年相同
heat_factors | 各年热量修正系数 | 倍 | 供暖期开始年份: 系数
zone | 时段 | | total 是总用量
free | 免费用量 | | 每月不收费的用量
counts_in_ladder | 计入阶梯 | | 用量是否计入阶梯年度
cycle | 阶梯周期 | | YEAR 按年，MONTH 按月
bounds | 档界 | 千瓦时 | 每档上限，从小到大；最后一档不写
prices | 各档价格 | 元/千瓦时 | 加价式从第二档起写加价，分档式从第一档起写全价
style | 写法 | | SURCHARGE 基价加各档加价，SPLIT 各档全价
base | 基础电价 | 元/千瓦时 | 加价式的第一档价格
LateFeeText.base | 违约金基数 | | UNPAID_PRINCIPAL 未缴本金，FULL_PRINCIPAL 全部本金
seasons | 分季档界 | | 夏季等月份另用的档界
household | 多人口家庭 | | 人多的家庭各档加量
crossed | 跨档后加价 | 元/千瓦时 | 档次: {时段: 加价}
flat | 合一电价 | | 人口多可选的不分档价格
from_persons | 起始人数 | 人 | 至少几人
Household.per_month | 每月加量 | 千瓦时/月 |
per_month | 每月免费量 | 千瓦时/月 |
tiers | 加量档次 | | ALL 各档都加，FIRST 只加第一档
evidence | 所需证明 | | 客户持有的证明代码，如 LOW_INCOME 低保
carry | 结转 | | 当月没用完的免费量是否留到年内以后
paid_every_months | 返还周期 | 月 | 每月 1、每季 3、每年 12
capped_by_usage | 以用量为限 | | 返还不超过实际用量
settles | 清算方向 | | RETURN 只退，TOP_UP 只补，BOTH 多退少补
zones | 时段 | | 尖峰平谷各自的价格和时间
days | 日子分类 | | 各类日子各自的时段
Days.hours | 时段时间 | 时刻 | 时段: [[起, 止], …]，整刻钟，恰好覆盖全天
hours | 时间 | 时刻 | [[08:00, 11:30], …]，整刻钟；跨零点写成两段
between | 日期范围 | 月-日 | 每年从哪天到哪天
holidays | 法定节假日 | | 按国务院办公厅每年的通知
announced | 另行公布的日子 | | 如高温日，临时执行尖峰
name | 名称 | | 用来互相引用
year | 年份 | 年 |
days_off | 放假 | | 每个节日的起止
working | 调休上班日 | 日期 |
ratio | 比价系数 | 倍 | 与平段的比，尖峰 1.8、低谷 0.4
floating | 浮动构成 | | 哪些部分随比价浮动，哪些不浮动
floats | 浮动部分 | 元/千瓦时 | 名称: 价格
fixed | 不浮动部分 | 元/千瓦时 | 名称: 价格
decimals | 保留小数 | 位 | 时段电价保留几位小数
changes_on | 调价日 | 日期 | 新价的第一天
old | 旧价 | 元/unit | 调价日前的价格
new | 新价 | 元/unit | 调价日起的价格，分档就每档一个
listed | 公布合计价 | 元/千瓦时 | 各构成之和应等于它
prefix | 代码前缀 | | 各构成账单行代码的开头
multiplier | 倍数 | 倍 | 损失率等折算
by | 计费口径 | | 按什么计算
Demand.by | 需量口径 | | ACTUAL 实际最大需量，CONTRACT 合同最大需量
TemperatureRefund.by | 统计口径 | | DAY 按天，MONTH_MEAN 按月平均
tolerance_percent | 合同需量容差 | % | 超过合同值的百分之几才加收，105
floor_percent_of_capacity | 需量下限 | % | 不低于合同容量的百分之几，40
Demand.discount | 高负荷优惠 | | 利用小时数高的折扣
kwh_per_kva_min | 起优惠用电 | 千瓦时/千伏安 | 每千伏安每月用电量达到它
suspension_days_min | 最少暂停天数 | 天 | 不足的不扣减
suspended_percent | 暂停期收费 | % | 暂停期间仍收百分之几
suspended_percent_new | 新装暂停期收费 | % | 新装客户的比例
lines | 账单行 | | ONE 合为一行，EACH 每台变压器一行
standard | 标准功率因数 | | 0.90、0.85 或 0.80
without | 不计入 | | 不参加调整的账单行代码，如基金
funds_within | 价内基金 | 元/千瓦时 | 电价里含有而不参加调整的基金
percent | 比例 | % | 百分之五写 5
steps | 分段优惠 | | 早缴多优惠
channels | 缴费渠道 | | 只对这些渠道缴费的优惠
until | 截止 | 日期 | 不再适用的第一天
since | 起始 | 日期 | 适用的第一天
start | 开始 | 月-日 | 如 10-20
SeasonText.until | 结束 | 月-日 | 停暖的第一天，如 04-21
Between.until | 结束 | 月-日 | 之后的第一天
amount | 金额 | 元 | 封顶或补贴的标准
Subsidy.amount | 补贴标准 | 元或 % | 按 per：PERCENT 写百分数，其余写元
units | 免费量 | unit | per 为 FREE_UNIT 时一个账期的免费量
per_mille_per_day | 日违约金 | ‰ | 每天千分之一写 1
grace_days | 宽限 | 天 | 到期后几天内不计
max_percent_of_principal | 违约金上限 | % | 不超过本金的百分之几，一倍写 100
min_fen | 起收额 | 分 | 不足不收
cross_year_per_mille | 跨年日违约金 | ‰ | 跨年部分每天千分之几
cross_year | 跨年算法 | | SPLIT 分年计，ALL_DAYS 跨年后全部按跨年比例
stops_at_cut_off | 停供即止 | | 停供后不再计违约金
heat_loss_percent | 停热热损 | % | 停热期间按热费百分之几
temperature | 室温退费 | | 室温不达标怎么退
outage | 停热退费 | | 停热怎么退
bands | 温度档 | | 每档退多少
Band.percent | 退费比例 | % | 退当日热费的百分之几，百分之五十写 50
at_least | 不低于 | 摄氏度 | 含这个温度
above | 高于 | 摄氏度 | 不含这个温度
below | 低于 | 摄氏度 | 不含这个温度
at_most | 不高于 | 摄氏度 | 含这个温度
measure | 温度口径 | | CELSIUS 室温，BELOW_TARGET 比标准低几度
target_celsius | 标准室温 | 摄氏度 | 如 18
readings | 测温次数 | 次 | 一天至少测几次
scope | 退费范围 | | HOME 整户，ROOM 不达标的房间
base_percent | 不退部分 | % | 热费中不参加退费的百分之几
after_hours | 报修后 | 小时 | 报修多久后开始计
min_hours | 起退时长 | 小时 | 停热不足不退
OutageRefund.multiplier | 退费倍数 | 倍 | 退当日热费的几倍
first_percent_min | 首期下限 | % | 首期至少缴百分之几
due | 各期到期日 | 月-日 | 从早到晚
warn_below_fen | 提醒线 | 分 | 余额低于它就提醒
cut_below_fen | 停供线 | 分 | 余额低于它就停供
models | 变压器型号 | | 型号: 空载损耗
no_load_kw | 空载损耗 | 千瓦 |
month_kwh | 月铁损 | 千瓦时/月 | 按表取值
hours_per_month | 每月小时 | 小时/月 | 30 天为 720
load_percent | 铜损 | % | 抄见电量的百分之几
line_percent | 线损 | % | 抄见电量与变压器损耗之和的百分之几
to | 计入时段 | | 损耗加到哪个时段；SPREAD 按各时段用量分
meter_error_share | 差错时间 | 份 | 上次检定至今的几成算有误差，一半写 0.5
theft_days | 窃电天数 | 天 | 时间查不清时按几天
theft_hours | 每日窃电小时 | 小时/天 | 动力
theft_hours_lighting | 每日窃电小时（照明） | 小时/天 |
theft_multiple | 窃电违约电费 | 倍 | 追补电费的几倍
misuse_multiple | 违约用电违约电费 | 倍 | 差额的几倍
misuse_months_max | 违约用电月数 | 月 | 时间查不清时最多几个月
over_capacity_yuan_per_kw | 私增容量费 | 元/千瓦 | 单一制
Linked.price | 基准价 | 元/unit | 联动起算的价格
index | 基准成本 | index_unit | 基准价所依据的公布值
index_unit | 成本单位 | | 公布值的单位，如 元/吨
coefficient | 联动系数 | 元/unit | 公布值每变动一个单位，价格变动多少
pass_through_percent | 传导比例 | % | 由用户承担百分之几，百分之七十写 70
threshold | 启动幅度 | % 或 index_unit | 变动不到它价格不动，单位见 threshold_per
threshold_per | 启动幅度口径 | | INDEX 按公布值的单位，PERCENT 按百分比
moves | 传导范围 | | WHOLE 全部变动，EXCESS 只算超过启动幅度的部分
cap_each | 单次限幅 | | 一次调整最多动多少
cap_total | 累计限幅 | | 与基准价最多差多少
MoveCap.per | 限幅口径 | | 元还是百分比
up | 上限 | 元/unit 或 % | 最多上调
down | 下限 | 元/unit 或 % | 最多下调
carries | 结转 | | 超过限幅的部分是否留到下一次
notice_days | 提前公告 | 天 | 公告后至少几天才执行
publications | 公布值 | | 历次公布的成本
published_on | 公布日 | 日期 |
value | 公布值 | index_unit |
noticed_on | 公告日 | 日期 | 不写就是公布日
effective_on | 执行日 | 日期 | 不写就是公告期满的第一天
over_capacity_multiple | 私增容量倍数 | 倍 | 两部制，基本电费的几倍
"""

_TYPES = """
DocumentText | 价格文件
Announced | 另行公布的日子
Area | 面积热费
AreaParts | 附属面积
Band | 温度档
Between | 每年的一段日子
BuildUp | 电价构成
Cap | 封顶
Capacity | 容量（基本）电费
CorrectionTerms | 追补规定
Days | 一类日子
Demand | 需量（基本）电费
Discount | 优惠
FlatRate | 合一电价
Floating | 浮动构成
FreeUnits | 免费用量
FreeUnitsRefund | 免费电量返还
HeightSurcharge | 层高加价
HighUseDiscount | 高负荷率优惠
Holiday | 一个节日
HolidayYear | 一年的节假日
Household | 多人口家庭
InstalmentTerms | 分期规定
LateFeeText | 违约金
Linked | 价格联动
Losses | 损耗
Metered | 计量费
ModelLoss | 变压器空载损耗
MonthlyBounds | 分月档界
MoveCap | 联动限幅
OutageRefund | 停热退费
PartRule | 一个部位
Payer | 一个承担方
Payers | 多方承担
PowerFactor | 力率调整
PrepayTerms | 预付费规定
PriceChange | 账期内调价
PricePart | 电价的一部分
Publication | 一次公布
RefundTerms | 退费规定
SeasonText | 供暖期
Step | 一段优惠
StopFee | 停热基础费
StopShare | 停热缴费比例
Subsidy | 补贴
Surcharge | 基金及附加
TemperatureRefund | 室温退费
Tiered | 阶梯
TimeOfUse | 分时
TwoPart | 两部制热价
YearSettlement | 年度清算
Zone | 一个时段
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


FIELDS: Final[Mapping[str, Word]] = {row[0]: Word(*row[1:]) for row in _rows(_FIELDS)}
TYPES: Final[Mapping[str, str]] = {row[0]: row[1] for row in _rows(_TYPES)}


def of(type_name: str, field: str) -> Word:
    """The words of a field.

    Raises:
        KeyError: if it has none; every field of the language has.
    """
    return FIELDS.get(f"{type_name}.{field}") or FIELDS[field]

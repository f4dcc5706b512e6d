"""Words that the storeys below say in Chinese, in the reader's language.

A context names its kinds in Chinese data; pages put them through :func:`said`. The inputs of a line have
their English in rating. What has no translation here, above all names and texts of companies, stays as it is.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from metercash.interfaces.web import amounts
from metercash.kernel.errors import MetercashError
from metercash.rating import input_names


CHANNELS: Final = (
    _("现金"), _("刷卡"), _("POS刷卡"), _("转账"), _("预存余额"), _("微信支付"), _("支付宝"), _("代收"),
    _("银行"), _("柜台"),
)  # fmt: skip

BREAKS: Final = (
    _("无此订单"), _("金额不符"), _("商户不符"), _("重复支付"), _("同号不同额"), _("短款（仅我方）"),
    _("长款（仅渠道）"), _("关单后到账"), _("未登记的退款"), _("已按渠道对账单补记"),
)  # fmt: skip

ORDERS: Final = (_("待下单"), _("待支付"), _("已支付"), _("已关闭"), _("下单失败"))

REASONS: Final = (
    _("账期内没有有效的供用合同"), _("没有生效的价格"), _("无法计价"), _("缺少抄表数据"), _("账单金额为负"),
    _("账单金额为零"), _("该账期已出账"), _("用量明显高于历史"), _("用量明显低于历史"), _("金额较上期突变"),
)  # fmt: skip

READINGS: Final = (
    _("缺数"), _("负值"), _("突变"), _("长时间为零"), _("数值不变"), _("偏高"), _("偏低"), _("实测"),
    _("按时段均分"), _("线性插补"), _("相似日估算"), _("表底示数"), _("示数按日推算"),
)  # fmt: skip

LINES: Final = (
    _("面积热费"), _("面积热费（计量表故障，按面积）"), _("基本热费"), _("计量热费"), _("超上限减免"), _("计量费"),
    _("政府性基金及附加"), _("层高加价"), _("优惠"), _("补贴"), _("封顶减免"), _("已预收热费"), _("基础电费"),
    _("尖峰电费"), _("高峰电费"), _("平段电费"), _("低谷电费"), _("深谷电费"), _("由前后户主承担"),
    _("前后价格按天分摊"), _("前后户主、前后价格按天分摊"),
    _("尖峰"), _("高峰"), _("平段"), _("低谷"), _("深谷"),
)  # fmt: skip

DOCUMENTS: Final = (_("草稿"), _("待批准"), _("已批准"), _("已公示"), _("已撤回"))

CHANGES: Final = (_("新增"), _("删除"), _("修改"))

SUPPLIES: Final = (_("正常用热"), _("全季停热"), _("中途恢复用热"), _("中途首次用热"))

REGISTERS: Final = (_("有功"), _("正向无功"), _("反向无功"), _("最大需量"))

ANNOUNCED: Final = (
    _("公布事项"), _("冻结日"), _("撤销原因"), _("计量项目"), _("抄表日"), _("日期"),
    _("名称和依据都必须填写"), _("必须在账期之内"), _("热表没有无功和需量示数"),
    _("应为不小于 0 的数，最多三位小数，例如 1234.5"),
)  # fmt: skip

ITEMS: Final = (_("采暖费"), _("电费"), _("热费"), _("违约金"))

PERMISSIONS: Final = (
    _("查看经营概览"), _("查看客户档案"), _("修改客户档案"), _("导入客户档案"), _("导出客户档案"), _("查看表计读数"),
    _("录入和导入读数"), _("查看价格文件"), _("起草价格文件"), _("批准价格文件"), _("查看账单"), _("执行出账"),
    _("审核账单异常"), _("冲正和重出账单"), _("查看收款记录"), _("柜台收款"), _("冲正收据"), _("查看渠道对账"),
    _("处理对账差异"), _("查看欠费"), _("发送催缴提醒"), _("减免违约金"), _("修改违约金政策"), _("设置邮件"),
    _("设置支付渠道"), _("查看消息"), _("查看总账"), _("查看用户"), _("管理用户"), _("分配角色"), _("查看接口令牌"),
    _("发放和吊销接口令牌"), _("查看操作日志"), _("使用本人的会话"),
)  # fmt: skip

FACTS: Final = (
    _("封闭阳台"), _("敞开阳台"), _("楼梯间"), _("楼梯间（无供热设施）"), _("楼梯间（有管道）"), _("楼梯间（有散热器）"),
    _("阁楼"), _("地下室"), _("车库"), _("不供热部位"), _("低保"), _("多人口家庭"), _("选择合表电价"), _("电采暖"),
    _("表计故障"), _("提前交费"), _("有陈欠"), _("新装用电"), _("参加市场交易"), _("退出市场交易"),
    _("单位报销热费"), _("停供"), _("首次接入前"),
)  # fmt: skip

FIELDS: Final = (
    _("业务"), _("付款方式"), _("作废原因"), _("冲正原因"), _("凭证号"), _("单位"), _("名称"), _("处理原因"),
    _("处理意见"), _("备用金"), _("实收金额"), _("实点现金"), _("待缴费用"), _("拆表日期"), _("换表"), _("排序"),
    _("文件"), _("更正原因"), _("权限范围"), _("班次"), _("示数"), _("缴费期限"), _("联系方式"), _("解款单号"),
    _("账单"), _("账单状态"), _("账期起"), _("账期止"), _("金额"), _("对账日期"), _("缴费截止日"), _("欠费"),
    _("上传的文件"), _("价格文件"), _("供热或供电单位"), _("对账差异"), _("抄表记录"), _("接口令牌"), _("收据"),
    _("员工"), _("票据格式"), _("缴费凭证"), _("订单"), _("部位"), _("面积"), _("净高"), _("供用情况"), _("证明"),
    _("人口"), _("人口数"), _("合同"), _("合同需量"), _("合同容量"), _("功率因数"), _("容量"), _("变压器"), _("互锁组"),
    _("型号"), _("凭据"), _("说明"), _("开始日期"), _("结束日期"), _("接入日期"), _("第一天"), _("最后一天"),
)  # fmt: skip

FAULTS: Final = (
    _("POS刷卡和转账必须填写参考号"), _("不能为空"), _("不能为负"), _("不能包含用户名或常见口令"), _("不能早于账期起"),
    _("不能早于账期开始"), _("内容不是有效的 Excel 文件"), _("只接受 CSV、Parquet 或 Excel 文件"), _("必须填写"),
    _("应为1至120个字符"), _("应为数字，例如 1 或 0.5"), _("必须由另一人审批"), _("必须晚于装表日期"),
    _("应包含大写字母、小写字母、数字、符号中的至少三类"), _("文件有密码，请取消密码后再上传。"),
    _("文件超过 50 MB，请拆分后上传"), _("文件过大，请分批导入"), _("班次已结束，请走退费流程"),
    _("款项仍在不明款中，须指定入账户号"), _("没有待入账的款项"), _("该差异已处理"), _("该收据已作废"),
    _("请先开班再收款"), _("请填写日期，例如 2026-01-20"), _("请填写金额，例如 1234.50"), _("请清点钱箱并填写金额"),
    _("请至少勾选一项"), _("请选择供热或供电"), _("请选择要上传的 Excel 或 CSV 文件"), _("还没有收到任何款项"),
    _("金额应不小于 0，最多两位小数"), _("须由另一人作废"), _("预存余额只能出现一次"), _("表格是空的"),
    _("应为 1 至 80 个字"), _("请填写 1 至 200 个字"), _("不在可选范围内"), _("应在 0～60 米之间"), _("应在 0～99 之间"),
    _("应为大写英文代码，例如 LOW_INCOME"), _("请填写变压器名称"), _("停供请填写开始日期；首次接入只填接入日期"),
    _("请填写首次供用的日期"), _("应晚于开始日期"), _("合同需量、合同容量、功率因数至少填写一项"),
    _("应大于 0、不超过 1"), _("应为大于 0 的数"), _("请登记新的人口数，原记录到那天为止"), _("请先删除它的暂停记录"),
    _("这段时间没有这台变压器在用"),
)  # fmt: skip

_PERIOD = re.compile(r"^(\d{4}-\d\d-\d\d) 至 (\d{4}-\d\d-\d\d) (.+)$")
_LATE_FEE = re.compile(r"^(\d{4}-\d\d-\d\d)违约金$")
_WITH_UNIT = re.compile(r"^(.+)（([^（）]+)）$")
_TIER = re.compile(r"^第(\d+)档(电费|加价)$")


def english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def said(text: str) -> str:
    """A word of a lower storey in the reader's language; as it is where there is none.

    ``单价（元/m²）`` is taken apart into its name and its unit, ``第2档电费`` into its number and its kind.
    """
    if not text or not english():
        return text
    whole = gettext(text)
    return whole if whole != text else _taken_apart(text)


def _taken_apart(text: str) -> str:
    if found := _PERIOD.match(text):
        return f"{found[1]} to {found[2]}: {said(found[3])}"
    if found := _LATE_FEE.match(text):
        return f"charged {found[1]}"
    if found := _TIER.match(text):
        return f"Tier {found[1]}" + ("" if found[2] == "电费" else " surcharge")
    if found := _WITH_UNIT.match(text):
        return f"{said(found[1])} ({unit(found[2])})"
    name = input_names.english(text)
    return name if name != text else input_names.english_unit(text)


def unit(text: str) -> str:
    """``元/m²·供暖期`` in the reader's language."""
    return "/".join("·".join(said(p) for p in part.split("·")) for part in text.split("/"))


def large(fen: int) -> str:
    """Fen in the large unit of the reader's language: 万元 or thousands of yuan."""
    return amounts.thousand_yuan(fen) if english() else amounts.ten_thousand_yuan(fen)


def sentence(error: MetercashError) -> str:
    """A named failure as one sentence in the reader's language, its facts too."""
    if not english():
        return error.chinese
    facts: Mapping[str, Any] = {
        key: said(value) if isinstance(value, str) else value for key, value in error.data.items()
    }
    if "label" in facts and "permission" in facts:
        facts = {**facts, "permission": facts["label"]}
    return error.message_en.format(**facts)

"""What can go wrong in billing."""

from metercash.kernel.errors import MetercashError


class CountMismatch(MetercashError):
    """Two stages of a run disagree on how many they handed over; the chunk is rolled back."""

    code = "billing.count_mismatch"
    status = 500
    message_zh = "出账环节数量不符：{left}={left_count}，{right}={right_count}，本批已撤回。"
    message_en = "Stage counts differ: {left}={left_count}, {right}={right_count}; chunk undone."


class BillNotProved(MetercashError):
    """The second calculator does not agree with a bill of a run; nothing of its chunk is stored.

    ``more`` counts further differences of the same bill.
    """

    code = "billing.bill_not_proved"
    status = 500
    message_zh = (
        "户号 {account_no} 的账单与独立核算不一致，本批未出账：{difference}（另有 {more} 处）"
    )
    message_en = (
        "The bill of account {account_no} is not what the second calculator makes it; its chunk is "
        "not issued: {difference_en} ({more} more)"
    )


class RunNotExecutable(MetercashError):
    """The run is finished or cancelled."""

    code = "billing.run_not_executable"
    status = 409
    message_zh = "出账任务 {run_id} 处于“{run_status}”状态，不能执行。"
    message_en = "Bill run {run_id} is {run_status} and cannot be executed."


class WorkerLost(MetercashError):
    """A process of the run ended before its work; the chunks left can be resumed."""

    code = "billing.worker_lost"
    status = 500
    message_zh = "出账任务 {run_id} 的一个进程中断（退出码 {exit_code}），可以继续执行。"
    message_en = "A process of bill run {run_id} ended with {exit_code}; the run can be resumed."


class BillAlreadyIssued(MetercashError):
    """The account has a bill for the period, purpose and generation."""

    code = "billing.bill_already_issued"
    status = 409
    message_zh = "户号 {account_no} 在该账期已出账。"
    message_en = "Account {account_no} already has a bill for the period."


class BillNotReversible(MetercashError):
    """Only a posted bill can be reversed, once."""

    code = "billing.bill_not_reversible"
    status = 409
    message_zh = "账单 {bill_no} 已冲正，不能再次冲正。"
    message_en = "Bill {bill_no} is reversed already."


class BillNotReplaceable(MetercashError):
    """A bill is made anew only after it was reversed, and only once."""

    code = "billing.bill_not_replaceable"
    status = 409
    message_zh = "账单 {bill_no} 不能重出：{why}"
    message_en = "Bill {bill_no} cannot be rebilled: {why}"


class ExceptionDecided(MetercashError):
    """Someone decided before."""

    code = "billing.exception_decided"
    status = 409
    message_zh = "该异常已处理（{decision}）。"
    message_en = "The exception is decided already ({decision})."


class NotRatable(MetercashError):
    """No bill can be computed for the account and period."""

    code = "billing.not_ratable"
    status = 409
    message_zh = "无法计算账单：{why}"
    message_en = "No bill can be computed: {why}"


class NotPostable(MetercashError):
    """The cause must be mended and the account billed again; a signature does not help."""

    code = "billing.not_postable"
    status = 409
    message_zh = "“{label}”不能直接放行，请先处理原因再重新出账。"
    message_en = "'{reason}' cannot be approved; mend the cause and bill again."

"""The phone page where a person pays: no script, one style sheet, nothing from elsewhere."""

from html import escape

from metercash.interfaces.simulators.wechat.book import Order
from metercash.kernel.money import Money


POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

STYLE = """
:root { color-scheme: light; font-family: system-ui, "Noto Sans CJK SC", sans-serif; }
body { margin: 0; background: #ededed; color: #191919; display: grid; place-items: center; min-height: 100vh; }
main { width: min(100%, 24rem); background: #fff; padding: 2rem 1.5rem; box-sizing: border-box; text-align: center; }
.notice { background: #fff7e6; color: #7a4b00; padding: .5rem; border-radius: .5rem; font-size: .875rem; }
.amount { font-size: 2.75rem; font-weight: 600; margin: 1rem 0; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .5rem 1rem; text-align: left; font-size: .875rem; }
dt { color: #595959; } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
button { width: 100%; padding: .875rem; border: 0; border-radius: .5rem; background: #067a3e; color: #fff;
  font-size: 1.125rem; min-height: 48px; }
button:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; }
.done { color: #067a3e; font-size: 1.25rem; }
""".strip()


def pay_page(order: Order) -> str:
    """The order with a button, or how it ended."""
    if order.paid:
        action = '<p class="done" role="status">支付成功</p>'
    elif order.state == "CLOSED":
        action = '<p role="status">订单已关闭，不能支付。</p>'
    else:
        action = (
            f'<form method="post" action="/pay/{escape(order.order_no)}">'
            '<button type="submit">支付</button></form>'
        )
    return _page(
        f"""<p class="notice">模拟支付，不产生真实扣款</p>
<h1>微信支付（模拟器）</h1>
<p class="amount">¥{Money(order.fen)}</p>
<dl><dt>商品</dt><dd>{escape(order.description)}</dd><dt>商户号</dt><dd>{escape(order.merchant_id)}</dd>
<dt>订单号</dt><dd>{escape(order.order_no)}</dd></dl>
{action}"""
    )


def missing_page() -> str:
    """No such order."""
    return _page('<h1>没有找到订单</h1><p class="notice">二维码可能已失效，请重新下单。</p>')


def _page(body: str) -> str:
    return f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>微信支付（模拟器）</title>
<link rel="stylesheet" href="/static/phone.css"></head><body><main>{body}</main></body></html>"""

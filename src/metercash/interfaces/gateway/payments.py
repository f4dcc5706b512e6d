"""Payment notifications: kept raw, believed only when their signature holds."""

from datetime import UTC, datetime

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from metercash.contexts.payments import api as payments
from metercash.kernel.errors import MetercashError
from metercash.platform import audit, tenancy
from metercash.platform.tenancy.models import Tenant


BODY_MAX = 64 * 1024

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def wechat_notification(request: HttpRequest, company: str) -> HttpResponse:
    """Take one WeChat Pay notification; anything but 2xx makes the provider send it again."""
    tenant = Tenant.objects.filter(code=company).first()
    if tenant is None or len(request.body) > BODY_MAX:
        return _refused(404 if tenant is None else 413, "unknown merchant or oversized body")
    with tenancy.bind(tenant.id), audit.acting(audit.Actor(None, "wechat")):
        try:
            payments.handle_notification(
                provider="WECHAT",
                headers=dict(request.headers),
                body=request.body,
                now=datetime.now(UTC),
            )
        except MetercashError as error:
            log.warning("notification_refused", code=error.code)
            return _refused(error.status, error.code)
    return HttpResponse(status=204)


wechat_notification.public = True  # type: ignore[attr-defined]


def _refused(status: int, message: str) -> HttpResponse:
    return JsonResponse({"code": "FAIL", "message": message}, status=status)

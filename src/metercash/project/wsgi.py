"""The application gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metercash.project.settings")

from django.conf import settings  # noqa: E402 - after the settings are named

from metercash.project import logs  # noqa: E402


logs.configure()
settings.STATIC_ROOT.mkdir(exist_ok=True)
application = get_wsgi_application()

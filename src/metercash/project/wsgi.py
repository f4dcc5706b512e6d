"""The application gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metercash.project.settings")

from django.conf import settings

from metercash.project import logs


logs.configure()
settings.STATIC_ROOT.mkdir(exist_ok=True)
application = get_wsgi_application()

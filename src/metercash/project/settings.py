"""Django's settings; what differs between installations is read in ``environment``."""

from pathlib import Path

from csp.constants import NONE, SELF

from metercash.project import environment as env


PACKAGE = Path(__file__).resolve().parent.parent

METERCASH_HOME = env.home()
METERCASH_READINGS = env.text("METERCASH_READINGS", str(METERCASH_HOME / "readings"))
METERCASH_BASE_URL = env.text("METERCASH_BASE_URL", "http://127.0.0.1:8000")
METERCASH_SMTP_URL = env.text("METERCASH_SMTP_URL")
SECRET_KEY = env.secret_key()
SECRET_KEY_FALLBACKS = list(filter(None, env.text("METERCASH_FORMER_SECRET_KEYS").split(",")))
DEBUG = False
ALLOWED_HOSTS = env.text("METERCASH_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = env.flag("METERCASH_HTTPS")

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "metercash.platform.tenancy",
    "metercash.platform.access",
    "metercash.platform.outbox",
    "metercash.platform.jobs",
    "metercash.platform.audit",
    "metercash.platform.idempotency",
    *[
        f"metercash.contexts.{name}"
        for name in (
            "ledger",
            "notifications",
            "customers",
            "metering",
            "tariffs",
            "billing",
            "payments",
            "collections",
            "analytics",
        )
        if (PACKAGE / "contexts" / name / "apps.py").exists()
    ],
    *[
        f"metercash.interfaces.{name}"
        for name in ("web", "console", "portal")
        if (PACKAGE / "interfaces" / name / "apps.py").exists()
    ],
]

MIDDLEWARE = [
    "metercash.project.middleware.ProxiedAddress",
    "metercash.project.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "metercash.project.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "metercash.platform.access.middleware.StaffSession",
    "metercash.project.middleware.ExpectedFailures",
]

ROOT_URLCONF = "metercash.project.urls"
WSGI_APPLICATION = "metercash.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **env.database("DATABASE_URL"),
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            **env.database_options("DATABASE_URL"),
            # Planning a join of seven tables takes longer than running it: plans are kept per connection.
            "server_side_binding": True,
            "prepare_threshold": 3,
            "pool": {
                "min_size": 0,
                "max_size": env.number("METERCASH_POOL_MAX", 8, low=1, high=64),
                "timeout": 20,
            }
            if env.text("DATABASE_URL")
            else False,
        },
    },
    "owner": {
        **env.database("DATABASE_OWNER_URL"),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **env.database_options("DATABASE_OWNER_URL"),
            "options": "-c lock_timeout=10s",
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = ["metercash.platform.access.passwords.BoundedArgon2"]
LOGIN_URL = "/console/sign-in/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["metercash.project.formats"]
LOCALE_PATHS = [PACKAGE / "interfaces" / "web" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = METERCASH_HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

PROCRASTINATE_DATABASE_ALIAS = "default"
PROCRASTINATE_IMPORT_PATHS = ["metercash.platform.jobs.tasks"]
LOGGING_CONFIG = None

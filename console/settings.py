"""Settings, read from the environment. `.env.example` documents each name."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from console import logs, production

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

PROFILE = env.str("ATRIUM_PROFILE", "local")
"""`local` (demonstration, training, tests) or `production`."""
LOCAL = PROFILE == "local"
ROLE = env.str("ATRIUM_ROLE", "web")
PORT = env.int("PORT", 8000)
DATA = Path(env.str("ATRIUM_DATA", str(BASE_DIR / "var"))).resolve()
CLOCK_FILE = DATA / "clock.json" if LOCAL else None
DEMO = env.bool("ATRIUM_DEMO", LOCAL)

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "local-only-not-a-secret-" + "0" * 40 if LOCAL else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if LOCAL else [])
PUBLIC_URL = env.str("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
"""Where browsers and mini-programs reach this instance; links in messages start with it."""
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])
NUM_PROXIES = env.int("NUM_PROXIES", 0)

SESSION_KEYS: dict[str, str] = env.dict(
    "SESSION_KEYS", default={"1": "local-only-session-key-" + "0" * 40} if LOCAL else {}
)
"""Master keys of members' signed sessions, by version; the highest is used for new ones."""

INSTALLED_APPS = [
    "console.apps.ConsoleConfig",
    "bookings.apps.BookingsConfig",
    "orders.apps.OrdersConfig",
    "members.apps.MembersConfig",
    "venues.apps.VenuesConfig",
    "staff.apps.StaffConfig",
    "wechat.apps.WechatConfig",
    "timers.apps.TimersConfig",
    "core.apps.CoreConfig",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "django_celery_beat",
    "import_export",
    "auditlog",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_prometheus",
    "csp",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "staff.middleware.StaffAccessMiddleware",
    "venues.middleware.VenueMiddleware",
    "console.policy.ContentPolicy",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "console.urls"
WSGI_APPLICATION = "console.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "console.context.console",
            ],
        },
    }
]

# -- database, cache, broker ---------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'atrium.sqlite3'}")}
_database: dict[str, Any] = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
_database.setdefault("OPTIONS", {})
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
else:
    _database["OPTIONS"] |= {
        "isolation_level": "read committed",
        "charset": "utf8mb4",
        "init_command": "SET sql_mode='STRICT_TRANS_TABLES', innodb_lock_wait_timeout=10",
        "connect_timeout": 5,
    }
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 600)
    _database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", f"redis://127.0.0.1:{PORT + 2}/0")
"""Redis in production; otherwise the embedded Valkey that `make run` starts on PORT + 2."""
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("REDIS_PREFIX", "atrium"),
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 2, "SOCKET_TIMEOUT": 5},
    }
}

BROKER_URL = env.str("BROKER_URL", REDIS_URL)
CELERY = {
    "broker_url": BROKER_URL,
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_time_limit": 120,
    "task_soft_time_limit": 90,
    "task_default_queue": env.str("CELERY_QUEUE", "atrium"),
    "worker_prefetch_multiplier": 4,
    "worker_hijack_root_logger": False,
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": (
        {"confirm_publish": True, "confirm_timeout": 5}
        if BROKER_URL.startswith("amqp")
        else {"visibility_timeout": 300}
    ),
    "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    "timezone": "UTC",
}

# -- people, language, time ----------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "console.refusals.too_many"
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = NUM_PROXIES or None
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Atrium"
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", not LOCAL)
"""Whether owners and finance must have a second factor."""
CSRF_FAILURE_VIEW = "console.refusals.forbidden"
SESSION_COOKIE_AGE = 14 * 86400
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = sorted(path for path in (BASE_DIR / "locale").glob("*") if path.is_dir())
"""One catalogue an app (`locale/<app>/zh_Hans/LC_MESSAGES/django.po`): English is the source."""
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
CONSOLE_ZONE = env.str("CONSOLE_ZONE", "Asia/Shanghai")
"""The zone of pages that belong to no single venue."""

# -- the members' API ----------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["members.authentication.SignedSession"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": NUM_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Atrium members' API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
SIGNATURE_WINDOW_S = 300
NONCE_TTL_S = 600
MEMBER_SESSION_DAYS = env.int("MEMBER_SESSION_DAYS", 30)
THROTTLE_LOGIN_PER_MINUTE = env.int("THROTTLE_LOGIN_PER_MINUTE", 600)
THROTTLE_SESSION_PER_MINUTE = env.int("THROTTLE_SESSION_PER_MINUTE", 1200)
BOOKING_HOLD_MINUTES = env.int("BOOKING_HOLD_MINUTES", 15)

# -- WeChat --------------------------------------------------------------------------------
WECHAT_BASE_URL = env.str("WECHAT_BASE_URL", f"http://127.0.0.1:{PORT + 1}" if LOCAL else "https://api.weixin.qq.com")
WECHAT_APP_ID = env.str("WECHAT_APP_ID", "wx0000000000000000" if LOCAL else "")
WECHAT_APP_SECRET = env.str("WECHAT_APP_SECRET", "simulator" if LOCAL else "")

# -- logs ----------------------------------------------------------------------------------
LOG_LEVEL = env.str("ATRIUM_LOG_LEVEL", "INFO")
LOGGING = logs.configure(json=not LOCAL, level=LOG_LEVEL)

# -- files, static, security ---------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(DATA / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_BACKEND", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
UNFOLD = {
    "SITE_TITLE": "Atrium",
    "SITE_HEADER": "Atrium",
    "SITE_URL": "/",
    "SITE_SYMBOL": "apartment",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [lambda request: static("css/records.css")],
    "COLORS": {
        "primary": {
            "50": "oklch(96.2% .018 272.314)",
            "100": "oklch(93% .034 272.788)",
            "200": "oklch(87% .065 274.039)",
            "300": "oklch(78.5% .115 274.713)",
            "400": "oklch(67.3% .182 276.935)",
            "500": "oklch(58.5% .233 277.117)",
            "600": "oklch(51.1% .262 276.966)",
            "700": "oklch(45.7% .24 277.023)",
            "800": "oklch(39.8% .195 277.366)",
            "900": "oklch(35.9% .144 278.697)",
            "950": "oklch(25.7% .09 281.288)",
        },
        "font": {
            "subtle-light": "oklch(48% .03 260)",
            "subtle-dark": "oklch(74% .02 260)",
        },
    },
    "SIDEBAR": {"navigation": "console.sidebar.sections"},
}
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    production.demand(globals())

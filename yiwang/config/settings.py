"""Django's settings, all from `environment.read()`. One file for every kind of start."""

import os
from pathlib import Path
from typing import Any, cast

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from yiwang.config import environment

_values = cast(dict[str, Any], environment.read())
ROOT = Path(__file__).resolve().parents[2]

YIWANG_HOME: Path = _values["YIWANG_HOME"]
YIWANG_PORT: int = _values["YIWANG_PORT"]
YIWANG_LIVE_PORT: int = environment.live_port(_values)
YIWANG_DATA_KEY: str = _values["YIWANG_DATA_KEY"]
YIWANG_PROXIES: list[str] = _values["YIWANG_PROXIES"]
YIWANG_INTAKE_PER_MINUTE: int = _values["YIWANG_INTAKE_PER_MINUTE"]
YIWANG_WORKERS: int = _values["YIWANG_WORKERS"]
YIWANG_SECOND_FACTOR: list[str] = _values["YIWANG_SECOND_FACTOR"]
YIWANG_IDLE_MINUTES: int = _values["YIWANG_IDLE_MINUTES"]
YIWANG_SESSION_HOURS: int = _values["YIWANG_SESSION_HOURS"]
YIWANG_ISSUED_DAYS: int = _values["YIWANG_ISSUED_DAYS"]
YIWANG_SESSIONS: int = _values["YIWANG_SESSIONS"]
YIWANG_PASSWORD_WORDS: list[str] = _values["YIWANG_PASSWORD_WORDS"]
YIWANG_PASSWORD_LIST: Path | None = _values["YIWANG_PASSWORD_LIST"]

YIWANG_WEBHOOK: str = _values["YIWANG_WEBHOOK"]
YIWANG_WEBHOOK_PRIVATE: bool = _values["YIWANG_WEBHOOK_PRIVATE"]
YIWANG_SENDING_TIMEOUT: int = _values["YIWANG_SENDING_TIMEOUT"]
YIWANG_SMS: str = _values["YIWANG_SMS"]
YIWANG_SMS_SIGN: str = _values["YIWANG_SMS_SIGN"]
YIWANG_SMS_GATEWAY = {
    "url": _values["YIWANG_SMS_URL"],
    "method": _values["YIWANG_SMS_METHOD"],
    "body": _values["YIWANG_SMS_BODY"],
    "headers": _values["YIWANG_SMS_HEADERS"],
    "success": _values["YIWANG_SMS_SUCCESS"],
    "never": _values["YIWANG_SMS_NEVER"],
    "id_at": _values["YIWANG_SMS_ID"],
    "knows_keys": _values["YIWANG_SMS_KNOWS_KEYS"],
}

# Letters of notices and of the framework go the same way.
YIWANG_MAIL: str = _values["YIWANG_MAIL"]
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if YIWANG_MAIL == "smtp"
    else "yiwang.outside.mail.recorded.Backend"
)
EMAIL_HOST: str = _values["YIWANG_MAIL_HOST"]
EMAIL_PORT: int = _values["YIWANG_MAIL_PORT"]
EMAIL_HOST_USER: str = _values["YIWANG_MAIL_USER"]
EMAIL_HOST_PASSWORD: str = _values["YIWANG_MAIL_PASSWORD"]
EMAIL_USE_TLS = _values["YIWANG_MAIL_TLS"] == "starttls"
EMAIL_USE_SSL = _values["YIWANG_MAIL_TLS"] == "tls"
EMAIL_TIMEOUT = YIWANG_SENDING_TIMEOUT
DEFAULT_FROM_EMAIL: str = _values["YIWANG_MAIL_FROM"] or "yiwang@localhost"

DEBUG: bool = _values["YIWANG_DEBUG"]
SECRET_KEY: str = _values["YIWANG_SECRET_KEY"] or "not-set-yet"
ALLOWED_HOSTS: list[str] = _values["YIWANG_HOSTS"]
YIWANG_ADDRESS: str = _values["YIWANG_ADDRESS"] or (
    f"https://{ALLOWED_HOSTS[0]}"
    if _values["YIWANG_HTTPS"]
    else f"http://{ALLOWED_HOSTS[0]}:{YIWANG_PORT}"
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "yiwang.kernel.foundation",
    "yiwang.kernel.accounts",
    "yiwang.kernel.territory",
    "yiwang.kernel.organisation",
    "yiwang.kernel.catalogue",
    "yiwang.kernel.notices",
    "yiwang.kernel.cases",
    "yiwang.kernel.indicators",
    "yiwang.topics.open_government",
    "yiwang.topics.party_building",
    "yiwang.topics.discipline",
    "yiwang.topics.public_security",
    "yiwang.topics.work_safety",
    "yiwang.topics.health",
    "yiwang.topics.city_management",
    "yiwang.topics.social_affairs",
    "yiwang.topics.economy",
    "yiwang.topics.finance",
    "yiwang.web.kit",
    "yiwang.web.signin",
    "yiwang.web.desk",
    "yiwang.web.field",
    "yiwang.web.cockpit",
    "yiwang.web.office",
    "yiwang.web.residents",
    "yiwang.web.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
]

MIDDLEWARE = [
    "yiwang.web.kit.behind.Behind",
    "django.middleware.security.SecurityMiddleware",
    "yiwang.web.kit.headers.Headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yiwang.web.signin.gate.Gate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yiwang.web.kit.errors.Refusals",
    "axes.middleware.AxesMiddleware",
]
CSRF_FAILURE_VIEW = "yiwang.web.kit.errors.csrf_failure"

ROOT_URLCONF = "yiwang.config.urls"
WSGI_APPLICATION = "yiwang.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "yiwang.kernel.accounts.signing_in.PasswordBackend",
]
_DJANGOS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": validator, "OPTIONS": options}
    for validator, options in (
        (
            f"{_DJANGOS}.UserAttributeSimilarityValidator",
            {"user_attributes": ("username", "display_name", "employee_number")},
        ),
        (f"{_DJANGOS}.MinimumLengthValidator", {"min_length": 10}),
        ("yiwang.kernel.accounts.passwords.CommonCore", {}),
        ("yiwang.kernel.accounts.passwords.LocalWords", {}),
        ("yiwang.kernel.accounts.passwords.Published", {}),
        (f"{_DJANGOS}.NumericPasswordValidator", {}),
    )
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds a link in an e-mail is good for
SESSION_COOKIE_AGE = YIWANG_SESSION_HOURS * 3600

# One user name from one address: nobody can lock an office behind one address, nor a colleague elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT: int = _values["YIWANG_WRONG_PASSWORDS"]
YIWANG_LOCKED_MINUTES: int = _values["YIWANG_LOCKED_MINUTES"]
AXES_COOLOFF_TIME = "yiwang.web.signin.locking.cool_off"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who signed in stands in the record
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "yiwang.web.signin.locking.name_of"
AXES_CLIENT_IP_CALLABLE = "yiwang.web.signin.locking.address"
AXES_LOCKOUT_CALLABLE = "yiwang.web.signin.locking.answer"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "current", "csrfmiddlewaretoken"]

ACCOUNT_ADAPTER = "yiwang.web.signin.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# By person: thirty people who sign in behind one address on a Monday morning are no attack.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/300s/key", "reauthenticate": "10/m/user"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "yiwang.web.signin.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # telephones whose clock is half a minute off
MFA_FORMS = {
    "authenticate": "yiwang.web.signin.second.CodeForm",
    "reauthenticate": "yiwang.web.signin.second.ConfirmCodeForm",
    "activate_totp": "yiwang.web.signin.second.ActivateForm",
}
ACCOUNT_FORMS = {"reauthenticate": "yiwang.web.signin.second.ConfirmPasswordForm"}
# Shared by the processes: used codes and counts of tries.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
LOGIN_URL = "signin:sign-in"
LOGIN_REDIRECT_URL = "/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "yiwang.web.kit.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "yiwang.web.kit.forms.Renderer"

# Migrations and grants run as the owner; everything else as a role that owns nothing.
AS_OWNER = os.environ.get("YIWANG_AS_OWNER") == "1"
_database = _values["DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL"]
DATABASES = {
    "default": {
        **(_database or {"ENGINE": "django.db.backends.postgresql", "NAME": "yiwang"}),
        # A connection is tried before it is lent: after a restart of the server nobody gets a dead one.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {}
        if AS_OWNER
        else {
            # Whoever needs a connection waits for a quick restart, not longer; a database that was away for long is asked
            # again every few seconds, not after ever longer pauses.
            "pool": {
                "min_size": 1,
                "max_size": _values["YIWANG_POOL"],
                "timeout": 5,
                "reconnect_timeout": 10,
            },
            # Values travel apart from the statement, which the server plans once and keeps.
            "server_side_binding": True,
            "prepare_threshold": 3,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_ON_APP_READY = "yiwang.config.schedule.wire"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
LOCALE_PATHS = [ROOT / "yiwang" / "config" / "locale"]
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
BROWSER_DIST = ROOT / "browser" / "dist"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = (
    10_000  # the routing table and a heading of the catalogue are one form each
)
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["yiwang.web.kit.uploads.Capped"]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _values["YIWANG_HTTPS"]
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if _values["YIWANG_HTTPS"]:
    # A name that a browser keeps to this very host, over https, for the whole site.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-yw_session", "__Host-yw_csrf"
    LANGUAGE_COOKIE_NAME = "__Host-yw_language"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # of YIWANG_PROXIES only
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = _values["YIWANG_HSTS_DAYS"] * 86400
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
MESSAGE_STORAGE = "yiwang.web.kit.cookies.Messages"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Behind a proxy the stream of live updates has the pages' own origin; else it is on the port beside.
_streams = (
    []
    if YIWANG_PROXIES
    else [
        f"http://{'*' if host.startswith('.') else ''}{host}:{YIWANG_LIVE_PORT}"
        for host in ALLOWED_HOSTS
        if host != "*"
    ]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "connect-src": [SELF, *_streams],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

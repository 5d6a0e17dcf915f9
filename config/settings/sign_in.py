"""Who signs in and how: passwords, codes by mail, what is told to strangers."""

from __future__ import annotations

from config.env import building, flag, text

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NotANumberOthersKnow"},
    {"NAME": "accounts.passwords.NotOfThisPlace"},
    {"NAME": "accounts.passwords.NotLeaked"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:start"
LOGOUT_REDIRECT_URL = "requests:home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.LoginForm",
    "reset_password": "accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in_forms.ResetPasswordKeyForm",
}
# A desk's computer is shared: a sign-in with a password ends with the browser.
ACCOUNT_SESSION_REMEMBER = False
# Somebody who is not known gets no mail, so the page tells nobody who is.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whose attempts are counted: behind a proxy the caller's address stands in X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("BEHIND_PROXY") else 0
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True

# A real installation. The demonstration signs in by a link, and most tests put somebody into a session.
_in_earnest = not (flag("DEMO") or building())
# Staff give a second factor at each sign-in, and reach nothing before they have one.
STAFF_SECOND_FACTOR = flag("STAFF_SECOND_FACTOR", default=_in_earnest)
# Before an action of the table that says so, password or factor are asked for again. In the demonstration nobody has
# either: a page there that asks for nothing would protect nothing.
ASK_AGAIN = _in_earnest
ASK_AGAIN_SECONDS = 600
# A colleague's computer that nobody touched for so long asks for the sign-in again.
STAFF_IDLE_HOURS = int(text("STAFF_IDLE_HOURS", "4"))
# And so does one that is worked at, after so long.
STAFF_LONGEST_HOURS = int(text("STAFF_LONGEST_HOURS", "12"))
# How long a volunteer's telephone stays signed in.
DEVICE_DAYS = 90
MFA_ADAPTER = "accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Somebody without a smartphone uses one of them at each sign-in.
MFA_RECOVERY_CODE_COUNT = 30
MFA_TOTP_ISSUER = "Digital Volunteers"

"""The sign-in pages: those of allauth that are used here, each by name, and no others."""

from allauth.account import views
from django.urls import path, re_path

from accounts.policy import public
from accounts.web import check, code

urlpatterns = [
    path("vhod/", public(views.login), name="account_login"),
    path("izhod/", public(views.logout), name="account_logout"),
    path("vhod/spryan/", public(views.account_inactive), name="account_inactive"),
    path("vhod/kod/", code.ask, name="account_request_login_code"),
    path("vhod/kod/vpishi/", code.confirm, name="account_confirm_login_code"),
    path("vhod/kod/koy/", code.choose, name="account_choose_person"),
    path("vhod/vtora/", check.at_sign_in, name="mfa_authenticate"),
    path("vhod/parola/", public(views.password_reset), name="account_reset_password"),
    path("vhod/parola/pratihme/", public(views.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^vhod/parola/nova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "vhod/parola/gotovo/",
        public(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]

"""The addresses allauth asks for by its own names; each is a page of ours."""

from django.urls import path

from yiwang.web.signin import pages, second

urlpatterns = [
    path("sign-in", pages.sign_in, name="account_login"),
    path("sign-in/code", second.code, name="mfa_authenticate"),
    path("me/confirm", second.again, name="account_reauthenticate"),
    path("me/confirm/code", second.again_by_code, name="mfa_reauthenticate"),
    path("me/second", second.index, name="mfa_index"),
    path("me/second/app", second.activate, name="mfa_activate_totp"),
    path("me/second/app/off", second.deactivate, name="mfa_deactivate_totp"),
    path("me/second/codes", second.codes, name="mfa_view_recovery_codes"),
    path("me/second/codes/new", second.new_codes, name="mfa_generate_recovery_codes"),
]

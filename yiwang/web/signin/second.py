"""The second factor: a code of an authenticator app, or one of ten backup codes. allauth's own steps in our clothes."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStageController
from allauth.account.views import ReauthenticateView
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.usersessions.models import UserSession
from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic.edit import FormView

from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.secrets import blind_index
from yiwang.web.kit.access import Needs, now, page, signed_in
from yiwang.web.signin import locking

CODE_ATTRS = {
    "autocomplete": "one-time-code",
    "autocapitalize": "none",
    "spellcheck": "false",
    "class": "code-box",
}

SPENT_FOR = timedelta(days=1)
"""How long a code that was taken is remembered: through its own minute and a half, and where the clock is put back."""


def spend(user_id: int, code: str) -> bool:
    """Say whether this code of an app is used for the first time, and remember it (RFC 6238 section 5.2)."""
    digits = "".join(filter(str.isdigit, code))
    key = blind_index(f"{user_id} {digits}", "signin.code")
    return bool(cache.add(f"signin.code.{key.hex()}", 1, timeout=SPENT_FOR.total_seconds()))


class _GoodOnce(BaseAuthenticateForm):
    """allauth forgets a code after thirty seconds; with a minute either side it would be good again."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        of_an_app = self.authenticator.type == Authenticator.Type.TOTP
        if of_an_app and not spend(self.user.pk, code):
            self._emit_authentication_failed(self.authenticator)
            raise get_adapter().validation_error("incorrect_code")
        return code


def _dress(form: forms.Form, label: Any, hint: Any = "") -> None:
    """Our label and no English placeholder."""
    field = form.fields["code"]
    field.label, field.help_text = label, hint
    field.widget = forms.TextInput(attrs={**CODE_ATTRS, "inputmode": "numeric"})


class CodeForm(_GoodOnce, AuthenticateForm):
    """The code at sign-in; a wrong one counts like a wrong password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, _("验证码"), _("手机验证器上的 6 位数字；手机不在身边，就输入一个备用码"))

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        locking.count_failure(context.request, self.user)


class ConfirmCodeForm(_GoodOnce, ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, _("验证码"))


class ConfirmPasswordForm(PasswordAgainForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label, field.help_text = _("密码"), ""
        field.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class ActivateForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, _("手机上显示的 6 位数字"))

    def clean_code(self) -> str:
        code: str = super().clean_code()
        spend(self.user.pk, code)
        return code


class Code(AuthenticateView):
    template_name = "signin/second/code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = LoginStageController.enter(request, AuthenticateStage.key)
        if stage is not None and locking.is_locked(request, stage.login.user):
            return HttpResponse(status=429)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


def renew(request: HttpRequest) -> None:
    """Go on under a new key: who proved once more who they are shares the session with nobody who had the old one."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


if TYPE_CHECKING:
    _Form = FormView[forms.Form]
else:
    _Form = FormView


class _UnderNewKey(_Form):
    """A form that proves who it is."""

    def form_valid(self, form: Any) -> HttpResponse:
        renew(self.request)
        return super().form_valid(form)


class Again(_UnderNewKey, ReauthenticateView):
    template_name = "signin/second/again.html"


class AgainByCode(_UnderNewKey, CodeAgainView):
    template_name = "signin/second/again.html"


class Activate(ActivateTOTPView):
    template_name = "signin/second/activate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        secret = found["form"].secret
        found["secret"] = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        factor = Authenticator.objects.get(user=self.request.user.pk, type=Authenticator.Type.TOTP)
        # Whoever has just shown a code need not sign in again to be past the gate.
        record_authentication(
            self.request,
            self.request.user,
            "mfa",
            id=factor.pk,
            type=factor.type,
        )
        return response


class Deactivate(DeactivateTOTPView):
    template_name = "signin/second/off.html"

    def get_success_url(self) -> str:
        return reverse("signin:me")


class Codes(ViewRecoveryCodesView):
    template_name = "signin/second/codes.html"


class NewCodes(GenerateRecoveryCodesView):
    template_name = "signin/second/new_codes.html"


def _noted(verb: str) -> Any:
    def write(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
        kind = str(more["authenticator"].type)
        accounts.note(user, verb, by=user, at=now(request), facts={"kind": kind})

    return write


_listeners = {
    "factor_added": (signals.authenticator_added, _noted("factor_added")),
    "factor_removed": (signals.authenticator_removed, _noted("factor_removed")),
    "factor_renewed": (signals.authenticator_reset, _noted("factor_renewed")),
}
for _name, (_signal, _listener) in _listeners.items():
    _signal.connect(_listener, dispatch_uid=f"signin.{_name}")


def _page(view: Any, need: Needs = Needs.SIGNED_IN) -> Any:
    """Declare who may open one of allauth's views; its secrets are neither kept by a browser nor reported."""
    return page(need)(never_cache(sensitive_post_parameters()(view.as_view())))


code = _page(Code, Needs.PUBLIC)
again = _page(Again)
again_by_code = _page(AgainByCode)
activate = _page(Activate)
deactivate = _page(Deactivate)
codes = _page(Codes)
new_codes = _page(NewCodes)


@page(Needs.SIGNED_IN, methods=("GET", "HEAD"))
def index(request: HttpRequest) -> HttpResponse:
    """Where allauth sends people back to: the page of their account."""
    signed_in(request)
    return redirect("signin:me")

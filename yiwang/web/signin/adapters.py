"""What we say otherwise than allauth does: our addresses, our words, secrets sealed, no self sign-up."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.secrets import open_sealed, seal
from yiwang.web.kit.access import now
from yiwang.web.kit.frame import town
from yiwang.web.kit.pace import address_of

CONTEXT = "signin.second_factor"  # the context a sealed secret belongs to
SAID = {
    "mfa/messages/totp_activated.txt": gettext_lazy("两步验证已开启。"),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("两步验证已关闭。"),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("备用码已生成，请抄下或打印。"),
}
TOO_MANY = gettext_lazy("试得太多了，请五分钟后再试。")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("密码不对"),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the office."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as the rest of the house knows it; :: where there is none."""
        address = address_of(request)
        return "::" if address == "unknown" else address

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("signin:home")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our sentences only; what we have no words for is not said."""
        said = SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Notices of this house go through its own channels."""

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        if isinstance(user, User):
            accounts.note(user, "signed_in", by=user, at=now(request))
        response: HttpResponse = super().post_login(request, user, **more)
        return response


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("验证码不对，或已经用过；请等下一个"),
    }

    def get_totp_issuer(self) -> str:
        """What the phone shows above the code."""
        return f"{_('一网')} {town().name}".strip()

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(base64.b64decode(encrypted_text), context=CONTEXT)

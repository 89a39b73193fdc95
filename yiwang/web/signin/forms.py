from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.accounts.rules import LANGUAGES, USERNAME_AT_MOST

WRONG = _(
    "用户名或密码不对。请检查大小写；首次密码过期或忘记密码，请点“忘记密码”，或联系本单位管理员。"
)
PASSWORD_AT_MOST = 128
RULES = _(
    "至少 10 位，不能全是数字，不能是常见密码，不能和姓名、用户名相近，也不能只是地名、单位名加几个数字"
)
NAME_ATTRS = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(AuthenticationForm):
    """Name and password; the error does not say which of the two was wrong."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as given
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("密码")


class ForgottenForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"), max_length=USERNAME_AT_MOST, widget=forms.TextInput(attrs=NAME_ATTRS)
    )


def _secret(
    label: Any, autocomplete: str, hint: Any = "", *, required: bool = True
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        strip=False,
        max_length=PASSWORD_AT_MOST,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = _secret(_("新密码"), "new-password", RULES)
    again = _secret(_("再输一次新密码"), "new-password")

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("两次输入的密码不一样"))
        return again


class ChangePasswordForm(NewPasswordForm):
    current = _secret(_("现在的密码"), "current-password")
    field_order = ("current", "password", "again")


class ContactForm(forms.Form):
    email = forms.CharField(
        label=_("电子邮箱"),
        required=False,
        max_length=254,
        help_text=_("忘记密码时用来重设，也可收通知"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("手机"),
        required=False,
        max_length=30,
        help_text=_("收短信通知；加密保存"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    current = _secret(
        _("现在的密码"), "current-password", _("改邮箱或手机时要填，确认是本人"), required=False
    )
    language = forms.ChoiceField(
        label=_("语言"), choices=list(zip(LANGUAGES, ("简体中文", "English"), strict=True))
    )

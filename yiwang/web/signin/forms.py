from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password; the error does not say which of the two was wrong."""

    error_messages = {
        "invalid_login": _("用户名或密码不对。请检查大小写；忘记密码请联系本单位管理员。"),
        "inactive": _("用户名或密码不对。请检查大小写；忘记密码请联系本单位管理员。"),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as given
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("密码")

"""What a user name and a name may look like. Pure: no Django."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from yiwang.kernel.foundation.sentences import N_

LANGUAGES = ("zh-hans", "en")
USERNAME_AT_MOST = 60
REASON_AT_MOST = 200
NUMBER_AT_MOST = 40
NAME_AT_MOST = 60
TURNED_AWAY = {
    "password": N_("密码错误"),
    "code": N_("验证码错误"),
    "locked": N_("锁定"),
    "page": N_("打开无权的页面"),
    "form": N_("来历不明的提交"),
    "limit": N_("超过次数限制"),
    "missing": N_("试没有或看不到的编号"),
    "link": N_("用失效的链接"),
}
"""Why somebody was turned away."""

# What offices call themselves and their work in every town.
OFFICE_WORDS = (
    "yiwang", "一网", "jiedao", "banshichu", "shequ", "wangge", "wanggeyuan", "juweihui", "cunweihui", "zhengfu",
    "zhongxin", "guanliyuan", "paichusuo", "chengguan", "街道", "办事处", "社区", "网格", "网格员", "居委会", "政府",
    "管理员", "mima", "密码", "admin", "administrator", "inspector", "operator", "password", "office", "demo",
)  # fmt: skip
_ENDINGS = re.compile(r"(?:街道|办事处|社区|居委会|村委会|网格|[省市区县乡镇村])+$")
_LOOKALIKES = str.maketrans("01345@$!", "oieasasi")
REST_AT_LEAST = 6
"""Letters that must be left of a password when the names of the place are taken out of it; two digits are one letter."""

# Typed on phones and read out over the telephone: small letters, digits, and . _ - between them.
_USERNAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_PHONE = re.compile(r"1\d{10}|\+[1-9]\d{6,14}", re.ASCII)
# Of a wide keyboard: 1３８ is 138.
_WIDE = str.maketrans("０１２３４５６７８９＋", "0123456789+")


def normalised_phone(text: str) -> str:
    """Return a telephone number without what people put between the digits."""
    return re.sub(r"[\s()（）-]", "", text.translate(_WIDE))


def is_phone(text: str) -> bool:
    """Say whether the text, normalised, is a mobile number: 11 digits from 1, or an international one with +."""
    return _PHONE.fullmatch(text) is not None


def is_employee_number(text: str) -> bool:
    """Say whether the text can be the office's own number of a person."""
    return len(text) <= NUMBER_AT_MOST and _NUMBER.fullmatch(text) is not None


def issued_until(issued_at: datetime, days: int) -> datetime:
    """Return when a password that somebody else made stops opening anything."""
    return issued_at + timedelta(days=days)


def normalised_username(text: str) -> str:
    """Return the one spelling of a user name: no space around it, small letters."""
    return text.strip().lower()


def is_username(text: str) -> bool:
    """Say whether the text, normalised, can be a user name: 3 to 60 characters."""
    return 3 <= len(text) <= USERNAME_AT_MOST and _USERNAME.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Say whether the text can stand on a screen as somebody's name."""
    return 0 < len(text) <= NAME_AT_MOST and text.isprintable()


def bare(text: str) -> str:
    """Return the letters and digits of a text alone, wide and narrow, large and small alike."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def core_of(password: str) -> str:
    """Return a password without the digits and signs before and behind it: what people put round a word."""
    return bare(password).strip("0123456789")


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Return texts as they may stand in a password: bare, with and without what every place is called; none too short."""
    found = {bare(each) for text in texts for each in (text, _ENDINGS.sub("", text.strip()))}
    return frozenset(word for word in found if len(word) >= (4 if word.isascii() else 2))


def local_word_in(password: str, words: Iterable[str]) -> str:
    """Return the longest word a password is made of, when hardly anything is left of it without the words; else ""."""
    known = sorted(words, key=len, reverse=True)
    for text in (bare(password), bare(password.translate(_LOOKALIKES))):
        rest, first = text, ""
        for word in known:
            if word in rest:
                rest, first = rest.replace(word, ""), first or word
        if first and sum(0.5 if sign.isdigit() else 1 for sign in rest) < REST_AT_LEAST:
            return first
    return ""

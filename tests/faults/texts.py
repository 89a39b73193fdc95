"""What people type that programs stumble over, and what of it is kept."""

import re

TEXTS = {
    "long": "长" * 19_999 + "。",
    "rare": "𠮷野家门口，𪚥家巷 𬺓",
    "family": "👨‍👩‍👧‍👦 在路口 👩🏽‍🚒🏳️‍🌈",
    "arabic": "الغطاء مكسور أمام البيت رقم ١٢",
    "turned": "井盖\u202egpj.exe 在\u2067שלום\u2069门口\u202a",
    "nul": "井\x00盖\x00坏了",
    "controls": "井盖\x1b[31m坏了\x07\x7f",
    "lines": "一\u2028二\u2029三\u0085四\r\n五\t六",
    "formula": '=HYPERLINK("http://x.example","1")',
    "plus": "+86 53012345 打不通",
    "minus": "-2+3 cmd|' /C calc'!A0",
    "at": "@SUM(A1:A9)",
    "markup": "<script>alert(1)</script>{{ 7|add:7 }}%s %(x)s {0} \\u0041 &amp;",
    "quotes": '\'; DROP TABLE cases_case; -- "«»"',
    "joined": "井\u200b盖\ufeff坏\u00ad了 e\u0301",
    "private": "\ue000\U000f0000\ufffe",
}
SHORT = {name: text for name, text in TEXTS.items() if name != "long"}

_DROPPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def kept(text: str) -> str:
    """What is stored: everything but control signs that nobody types, and the space around."""
    return _DROPPED.sub("", text.replace("\r\n", "\n")).strip()

"""The tables and pure functions of notices. No Django in any of them."""

from yiwang.kernel.notices.rules.wording import ANYTHING_ELSE, WORDING, Param, key_of, wording_of

__all__ = ["ANYTHING_ELSE", "WORDING", "Param", "key_of", "wording_of"]

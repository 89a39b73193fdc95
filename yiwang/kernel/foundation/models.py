"""Tables of this app; each group lives beside its rules and actions."""

from yiwang.kernel.foundation.numbering.models import Counter
from yiwang.kernel.foundation.versions import Version

__all__ = ["Counter", "Version"]

"""Files that were tried and wait for a yes: one folder beneath YIWANG_HOME, a day at most.

A file is named after its content and lies in its owner's folder: nobody says yes to the file of another, and the same
file sent twice is the same file.
"""

import hashlib
import re
import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.errors import Invalid

A_DAY = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{64}")


def keep(file: UploadedFile, *, of: User, most_bytes: int) -> str:
    """Keep an uploaded file; returns the token that names it.

    Raises:
        Invalid: empty or too large.
    """
    if not file.size:
        raise Invalid(_("这个文件是空的"), field="file")
    if file.size > most_bytes:
        megabytes = most_bytes // 1024 // 1024
        raise Invalid(_("文件太大：最多 %(most)s MB") % {"most": megabytes}, field="file")
    content = b"".join(file.chunks())
    token = hashlib.sha256(content).hexdigest()
    folder = _folder(of)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder.parent)
    part = folder / f"{token}.part"
    part.write_bytes(content)
    part.replace(folder / token)
    return token


def kept(token: str, *, of: User) -> bytes:
    """The content of a file that waits.

    Raises:
        Invalid: it is not there (any more).
    """
    path = _folder(of) / token
    if not _TOKEN.fullmatch(token) or not path.is_file():
        raise Invalid(_("先前上传的文件已不在，请重新选择"), field="file")
    return path.read_bytes()


def _folder(of: User) -> Path:
    return Path(settings.YIWANG_HOME) / "waiting" / str(of.pk)


def _sweep(root: Path) -> None:
    """Clear away what nobody said yes to within a day."""
    too_old = time.time() - A_DAY
    for path in root.glob("*/*"):
        if path.is_file() and path.stat().st_mtime < too_old:
            path.unlink(missing_ok=True)

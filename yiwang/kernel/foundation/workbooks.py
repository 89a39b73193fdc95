"""Workbooks (.xlsx) that somebody sends: how much may be in one, asked before anything of it is unpacked."""

import zipfile
from typing import IO, Final

from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import Invalid

LARGEST_FILE: Final = 10 * 1024 * 1024
LARGEST_UNPACKED: Final = 64 * 1024 * 1024
MOST_PARTS: Final = 500
LAST_ROW: Final = 1_048_576
"""Of Excel itself. A file may name any number, and whoever reads on fills the gap with empty rows."""


def check(file: IO[bytes]) -> None:
    """Do nothing for a workbook that can be read in seconds; the file is at its beginning again.

    The sizes are those the archive declares, and no more than that is read of a part later.

    Raises:
        Invalid: too large, packed or unpacked. zipfile.BadZipFile: no archive at all.
    """
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
    file.seek(0)
    if sum(part.compress_size for part in parts) > LARGEST_FILE:
        raise Invalid(_("文件太大：最多 %(most)s MB") % _megabytes(LARGEST_FILE), field="file")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Invalid(
            _("文件解压后太大：最多 %(most)s MB。请删掉多余的工作表和空行再保存")
            % _megabytes(LARGEST_UNPACKED),
            field="file",
        )


def _megabytes(size: int) -> dict[str, int]:
    return {"most": size // 1024 // 1024}

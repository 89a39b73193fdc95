"""From bytes somebody sent to clean pictures: decoded, turned upright, made smaller, stripped of everything else."""

import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.files.rules import EDGES, FORMATS, MAX_PIXELS, Size, is_heif

QUALITY = 82
TOO_BIG = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A JPEG without metadata."""

    content: bytes
    width: int
    height: int


def clean(content: bytes) -> Image.Image:
    """Decode a photo: upright, RGB, at most 2000 pixels long, with nothing but its pixels.

    Raises:
        Invalid: not a photo, too many pixels, moving, or incomplete; says what to do.
    """
    image = _opened(content)
    if image.width * image.height > MAX_PIXELS:
        raise Invalid(_("照片像素过大，请缩小到 5000 万像素以内再上传"), field="photo")
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise Invalid(_("不接受动图，请上传普通照片"), field="photo")
    try:
        return _pixels(image)
    except Exception as error:  # decoders of hostile bytes fail in many ways
        raise Invalid(_("照片不完整或已损坏，请重新拍摄或换一张"), field="photo") from error


def derive(image: Image.Image, size: Size) -> Picture:
    """A JPEG of one size; never larger than the picture is."""
    smaller = image.copy()
    smaller.thumbnail((EDGES[size], EDGES[size]), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=QUALITY, progressive=True)
    return Picture(out.getvalue(), smaller.width, smaller.height)


def _opened(content: bytes) -> Image.Image:
    """Read the header only."""
    if is_heif(content[:16]):
        raise Invalid(
            _(
                "暂不支持 HEIC 照片：请在手机“设置—相机—格式”中选“兼容性最佳”后重拍，或截图后上传截图"
            ),
            field="photo",
            code="heic",
        )
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except TOO_BIG as error:
        raise Invalid(_("照片像素过大，请缩小到 5000 万像素以内再上传"), field="photo") from error
    except Exception as error:  # as above
        raise Invalid(_("这不是照片：只接受 JPEG、PNG、WebP 格式"), field="photo") from error


def _pixels(image: Image.Image) -> Image.Image:
    """Decode, then shrink before anything that copies: fifty megapixels are held in memory once."""
    edge = EDGES["full"]
    image.draft("RGB", (edge, edge))  # lets the JPEG decoder skip detail nobody will see
    image.load()
    see_through = image.has_transparency_data
    colours = "RGBA" if see_through else "RGB"
    if image.mode != colours:
        image = image.convert(colours)
    image.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    ImageOps.exif_transpose(image, in_place=True)
    bare = Image.new("RGB", image.size, "white")
    bare.paste(image, mask=image if see_through else None)
    return bare

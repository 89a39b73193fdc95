"""Small drawn pictures that stand for photos in the demo town and say so on their face."""

import io
from random import Random

from PIL import Image, ImageDraw

SIZE = (640, 480)
_SKIES = ((191, 210, 229), (214, 219, 224), (229, 222, 205))
_GROUNDS = ((140, 138, 132), (158, 148, 130), (126, 134, 122))


def draw(seed: int, *, mended: bool) -> io.BytesIO:
    """Return a JPEG: a street with a thing on it, broken before and whole after; a frame says "DEMO"."""
    chance = Random(seed)  # noqa: S311 - drawing, not guarding
    picture = Image.new("RGB", SIZE, chance.choice(_SKIES))
    pen = ImageDraw.Draw(picture)
    horizon = chance.randint(190, 260)
    for _ in range(5):
        left = chance.randint(-40, 560)
        top = chance.randint(40, horizon - 60)
        shade = chance.randint(150, 200)
        pen.rectangle(
            (left, top, left + chance.randint(60, 150), horizon),
            fill=(shade, shade - 6, shade - 14),
        )
    pen.rectangle((0, horizon, *SIZE), fill=chance.choice(_GROUNDS))
    x, y, radius = chance.randint(220, 420), chance.randint(330, 390), chance.randint(46, 72)
    box = (x - radius, y - radius // 2, x + radius, y + radius // 2)
    pen.ellipse(box, fill=(86, 86, 88) if mended else (32, 30, 30), outline=(60, 60, 60), width=4)
    if mended:
        pen.line((x - radius // 2, y, x + radius // 2, y), fill=(120, 120, 122), width=4)
    else:
        pen.polygon(
            [(x - radius, y), (x - radius // 4, y - 6), (x - radius // 3, y + 12)],
            fill=(190, 90, 60),
        )
    pen.rectangle((0, 0, SIZE[0] - 1, SIZE[1] - 1), outline=(255, 255, 255), width=6)
    pen.text((14, 12), "DEMO - generated", fill=(60, 60, 60))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=72)
    stream.seek(0)
    return stream

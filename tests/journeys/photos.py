"""Photos as a phone hands them over."""

import io

from PIL import Image
from playwright.sync_api import FilePayload


def photo(name: str = "cover.jpg", *, width: int = 1200) -> FilePayload:
    """A JPEG with something to see on it."""
    stream = io.BytesIO()
    picture = Image.effect_mandelbrot((width, width * 3 // 4), (-2, -1, 1, 1), 20)
    picture.convert("RGB").save(stream, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": stream.getvalue()}

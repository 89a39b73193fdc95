"""Films, voices and documents made by code, as telephones and offices send them: for tests and the demo town."""

import io
import math
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

PLACE = "+35.2400+115.4600/"
"""Where the telephone says it was (ISO 6709)."""


def film(
    path: Path,
    *,
    seconds: float = 2,
    size: tuple[int, int] = (320, 240),
    rate: int = 10,
    codec: str = "libx264",
    form: str = "mp4",
    sound: bool = True,
    turned: int = 0,
) -> bytes:
    """Write a film with a red top edge, and return its bytes; MP4 and MOV carry a place, a maker and a title."""
    options = {"movflags": "use_metadata_tags"} if form in ("mp4", "mov") else {}
    with av.open(str(path), "w", format=form, options=options) as made:
        if options:
            _sign(made)
        pictures: Any = made.add_stream(codec, rate=rate)
        pictures.width, pictures.height, pictures.pix_fmt = *size, "yuv420p"
        if turned:
            pictures.set_display_rotation(turned) if hasattr(
                pictures, "set_display_rotation"
            ) else None
        voice: Any = None
        if sound:
            voice = made.add_stream("libopus" if form == "webm" else "aac", rate=48_000)
        for number in range(max(1, round(seconds * rate))):
            made.mux(pictures.encode(_picture(size, number, rate)))
        made.mux(pictures.encode(None))
        if voice is not None:
            _speak(made, voice, seconds, 48_000)
    return path.read_bytes()


def voice(
    path: Path, *, seconds: float = 2, codec: str = "aac", form: str = "ipod", rate: int = 44_100
) -> bytes:
    """Write a hum and return its bytes."""
    with av.open(str(path), "w", format=form) as made:
        if form in ("ipod", "mp3"):
            made.metadata["location"] = PLACE
            made.metadata["artist"] = "Wang"
        stream: Any = made.add_stream(codec, rate=rate, layout="mono")
        _speak(made, stream, seconds, rate)
    return path.read_bytes()


def _sign(made: Any) -> None:
    made.metadata["location"] = PLACE
    made.metadata["com.apple.quicktime.location.ISO6709"] = PLACE
    made.metadata["com.apple.quicktime.make"] = "SpyPhone"
    made.metadata["title"] = "Wang"


def _picture(size: tuple[int, int], number: int, rate: int) -> av.VideoFrame:
    width, height = size
    pixels = np.full((height, width, 3), (number * 7) % 160 + 40, dtype=np.uint8)
    pixels[: height // 4] = (220, 30, 30)
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, rate)
    return frame


def _speak(made: Any, stream: Any, seconds: float, rate: int) -> None:
    context = stream.codec_context
    layout = context.layout.name
    channels = len(context.layout.channels)
    resampler = av.AudioResampler(
        format=context.format.name, layout=layout, rate=rate, frame_size=0
    )
    done, total = 0, int(seconds * rate)
    while done < total:
        count = min(1024, total - done)
        wave = [0.3 * math.sin((done + i) * 2 * math.pi * 300 / rate) for i in range(count)]
        samples = np.tile(np.array(wave, dtype=np.float32), (channels, 1))
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, done, Fraction(1, rate)
        done += count
        for even in resampler.resample(frame):
            made.mux(stream.encode(even))
    made.mux(stream.encode(None))


def pdf(*, pages: int = 1, words: str = "", photo: bytes = b"", script: bool = False) -> bytes:
    """A PDF with an author; where given, one photo as it came from a camera."""
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "Wang", "/Title": words or "Letter", "/Creator": "SpyWriter"})
    if photo:
        _put_photo(writer, photo)
    if script:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
        )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _put_photo(writer: PdfWriter, photo: bytes) -> None:
    with Image.open(io.BytesIO(photo)) as image:
        width, height = image.size
    stream = DecodedStreamObject()
    stream.set_data(photo)
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(width),
            NameObject("/Height"): NumberObject(height),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/DCTDecode"),
        }
    )
    reference = writer._add_object(stream)
    page = writer.pages[0]
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/Im0"): reference})}
    )


MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}


def office(form: str = "docx", parts: dict[str, bytes] | None = None) -> bytes:
    """An office file of few parts."""
    listed = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{MAIN[form]}"/></Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", listed)
        for name, content in {"main.xml": b"<document/>", **(parts or {})}.items():
            packed.writestr(name, content)
    return out.getvalue()

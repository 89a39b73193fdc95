"""A look at a film or a voice: what is in it and how long it lasts, before it is taken."""

from pathlib import Path
from typing import Any

import av
from av.container import InputContainer

from yiwang.outside.media.unfit import (
    GRACE_S,
    MOST_PIXELS,
    VIDEO_SECONDS,
    VOICE_SECONDS,
    UnfitFile,
)

# Container → demuxer of FFmpeg, told by the first bytes: nothing else is ever opened (no playlists, no addresses).
_EBML, _OGG, _RIFF = b"\x1a\x45\xdf\xa3", b"OggS", b"RIFF"
VIDEO_CODECS = {
    "h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "libvpx", "libvpx-vp9", "mpeg4", "h263", "mjpeg",
}  # fmt: skip
VOICE_CODECS = {
    "aac", "mp3", "mp3float", "opus", "libopus", "vorbis", "amrnb", "amrwb", "amr_nb", "amr_wb", "flac",
    "alac", "libopencore_amrnb", "libopencore_amrwb",
}  # fmt: skip


def demuxer_of(head: bytes) -> str | None:
    """Return the one demuxer these first bytes are for."""
    if head[4:8] in (b"ftyp", b"moov", b"wide", b"mdat") or head[4:8] == b"free":
        return "mov,mp4,m4a,3gp,3g2,mj2"
    if head.startswith(_EBML):
        return "matroska,webm"
    if head.startswith(_OGG):
        return "ogg"
    if head.startswith(_RIFF) and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"ID3"):
        return "mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    return None


def opened(path: Path) -> InputContainer:
    """Open a film or voice with the demuxer its first bytes ask for.

    Raises:
        UnfitFile: not_media, or damaged.
    """
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"avif", b"msf1"):
        raise UnfitFile("not_media")
    name = demuxer_of(head)
    if name is None:
        raise UnfitFile("not_media")
    options = {
        "protocol_whitelist": "file",
        "max_streams": "16",
        "max_pixels": str(MOST_PIXELS),
    }
    if name.startswith("mov"):
        options |= {"enable_drefs": "0", "use_absolute_path": "0"}
    try:
        return av.open(
            str(path),
            format=name,
            options=options,
            metadata_errors="replace",
            timeout=20,
        )
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise UnfitFile("damaged") from error


def look(path: Path, *, film: bool) -> dict[str, Any]:
    """Return seconds, width and height (0 for a voice), and whether there is sound.

    Raises:
        UnfitFile: not_media, no_picture, no_sound, bad_codec, too_long, too_many_pixels, damaged.
    """
    with opened(path) as container:
        pictures: list[Any] = [s for s in container.streams.video if not is_cover(s)]
        voices = list(container.streams.audio)
        _check_streams(film, pictures, voices)
        kept: Any = pictures[0] if film else voices[0]
        seconds = _seconds(container, kept)
        _check_length(seconds, VIDEO_SECONDS if film else VOICE_SECONDS)
        _first_frame(path, film)
        size = (kept.codec_context.width, kept.codec_context.height) if film else (0, 0)
        return {"seconds": seconds, "width": size[0], "height": size[1], "sound": bool(voices)}


def is_cover(stream: Any) -> bool:
    """Whether it is the still picture of a piece of music."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _check_streams(film: bool, pictures: list[Any], voices: list[Any]) -> None:
    if film:
        if not pictures:
            raise UnfitFile("no_picture")
        context = pictures[0].codec_context
        if context is None or context.name not in VIDEO_CODECS:
            raise UnfitFile("bad_codec")
        if context.width * context.height > MOST_PIXELS:
            raise UnfitFile("too_many_pixels", width=context.width, height=context.height)
        return
    if pictures:
        raise UnfitFile("has_picture")
    if not voices:
        raise UnfitFile("no_sound")
    name = voices[0].codec_context.name if voices[0].codec_context else ""
    if name not in VOICE_CODECS and not name.startswith("pcm_"):
        raise UnfitFile("bad_codec")


def _seconds(container: InputContainer, stream: Any) -> float:
    """How long it truly lasts: from the packets, whatever the header says."""
    first: float | None = None
    last = 0.0
    seen = 0
    limit = max(VIDEO_SECONDS, VOICE_SECONDS) * 3
    try:
        for packet in container.demux(stream):
            if packet.pts is None or packet.size == 0:
                continue
            begin = float(packet.pts * packet.time_base)
            end = begin + float((packet.duration or 0) * packet.time_base)
            first = begin if first is None else min(first, begin)
            last = max(last, end)
            seen += 1
            if last - first > limit:
                break
    except av.error.FFmpegError as error:
        raise UnfitFile("damaged") from error
    if not seen or first is None:
        raise UnfitFile("damaged")
    return round(last - first, 3)


def _check_length(seconds: float, most: int) -> None:
    if seconds > most + GRACE_S:
        raise UnfitFile("too_long", seconds=seconds, most=most)


def _first_frame(path: Path, film: bool) -> None:
    """Decode one frame: what cannot be begun is refused while its sender still waits."""
    try:
        with opened(path) as container:
            stream = container.streams.video[0] if film else container.streams.audio[0]
            stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)} if film else {}
            if next(iter(container.decode(stream)), None) is None:
                raise UnfitFile("damaged")
    except (av.error.FFmpegError, ValueError) as error:
        raise UnfitFile("damaged") from error

"""One kind of film and one kind of voice, made anew from the pictures and sounds alone: no place, no camera, no names."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer

from yiwang.outside.media.looking import is_cover, opened
from yiwang.outside.media.unfit import (
    GRACE_S,
    MOST_PIXELS,
    VIDEO_SECONDS,
    VOICE_SECONDS,
    UnfitFile,
)

LONG_EDGE, SHORT_EDGE, THUMB_EDGE = 1280, 720, 400
FRAMES_PER_S = 30
RATE = 44_100
BARE = {"movflags": "+faststart", "map_metadata": "-1", "fflags": "+bitexact"}
"""The table of contents in front, so that playing can begin at once; no word about who made it or when."""


def video(source: Path, target: Path, thumb: Path) -> dict[str, Any]:
    """Make an MP4 (H.264 and AAC, at most 720p and 30 frames a second) and a JPEG of its first second.

    Raises:
        UnfitFile: damaged, too_long.
    """
    try:
        with opened(source) as given, _writing(target) as made:
            film = _Film(given, made, thumb)
            film.run()
    except (av.error.FFmpegError, ValueError, OSError, StopIteration) as error:
        raise UnfitFile("damaged") from error
    return {"seconds": film.seconds, "width": film.width, "height": film.height}


def voice(source: Path, target: Path) -> dict[str, Any]:
    """Make an M4A (AAC, one channel).

    Raises:
        UnfitFile: damaged, too_long.
    """
    try:
        with opened(source) as given, _writing(target) as made:
            sound = _Sound(made, 64_000)
            for frame in given.decode(given.streams.audio[0]):
                sound.add(frame)
                if sound.seconds > VOICE_SECONDS + GRACE_S * 2:
                    raise UnfitFile("too_long", seconds=sound.seconds, most=VOICE_SECONDS)
            sound.end()
    except (av.error.FFmpegError, ValueError, OSError, StopIteration) as error:
        raise UnfitFile("damaged") from error
    if not sound.seconds:
        raise UnfitFile("damaged")
    return {"seconds": round(sound.seconds, 3)}


def _writing(target: Path) -> OutputContainer:
    return av.open(str(target), "w", format="mp4", options=BARE)


def size_within(width: int, height: int) -> tuple[int, int]:
    """Return the size, even numbers as the codec needs, within 1280×720 lying or standing."""
    long, short = max(width, height), min(width, height)
    share = min(1.0, LONG_EDGE / long, SHORT_EDGE / short)
    return max(2, round(width * share / 2) * 2), max(2, round(height * share / 2) * 2)


class _Sound:
    """AAC of one channel, written as frames come."""

    def __init__(self, made: OutputContainer, bits: int) -> None:
        self.made = made
        self.stream: Any = made.add_stream("aac", rate=RATE, layout="mono")
        self.stream.bit_rate = bits
        self.resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        self.samples = 0

    @property
    def seconds(self) -> float:
        return self.samples / RATE

    def add(self, frame: Any) -> None:
        frame.pts = None
        for even in self.resampler.resample(frame):
            self._write(even)

    def end(self) -> None:
        for even in self.resampler.resample(None):
            self._write(even)
        self.made.mux(self.stream.encode(None))

    def _write(self, frame: Any) -> None:
        frame.pts = self.samples
        frame.time_base = Fraction(1, RATE)
        self.samples += frame.samples
        self.made.mux(self.stream.encode(frame))


class _Film:
    """Pictures upright and smaller, at an even pace, with the sound beside them."""

    def __init__(self, given: InputContainer, made: OutputContainer, thumb: Path) -> None:
        self.given, self.made, self.thumb = given, made, thumb
        self.source: Any = next(s for s in given.streams.video if not is_cover(s))
        self.source.thread_type = "AUTO"
        self.source.codec_context.thread_count = 2
        self.source.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
        voices = [s for s in given.streams.audio if s.codec_context is not None]
        self.voice = voices[0] if voices else None
        self.sound: _Sound | None = None
        self.early: list[Any] = []  # sound that came before the first picture
        self.stream: Any = None
        self.graph: Any = None
        self.width = self.height = self.frames = 0

    @property
    def seconds(self) -> float:
        return round(self.frames / FRAMES_PER_S, 3)

    def run(self) -> None:
        for frame in self._decoded():
            if isinstance(frame, av.VideoFrame):
                self._add(frame)
            elif self.sound is None:
                self.early.append(frame)
            elif self.sound.seconds < VIDEO_SECONDS + GRACE_S:
                self.sound.add(frame)
        if self.graph is None:
            raise UnfitFile("damaged")
        self.graph.push(None)
        self._drain()
        self.made.mux(self.stream.encode(None))
        if self.sound is not None:
            self.sound.end()

    def _decoded(self) -> Iterator[Any]:
        """Frames in the order they come; the end of a film cut off is simply missing."""
        wanted = [self.source] + ([self.voice] if self.voice is not None else [])
        try:
            yield from self.given.decode(*wanted)
        except av.error.FFmpegError:
            if not self.frames:
                raise

    def _add(self, frame: Any) -> None:
        if frame.width * frame.height > MOST_PIXELS:
            raise UnfitFile("too_many_pixels", width=frame.width, height=frame.height)
        if self.graph is None:
            self._begin(frame)
        self.graph.push(frame)
        self._drain()

    def _begin(self, frame: Any) -> None:
        turned = frame.rotation % 360
        width, height = frame.width, frame.height
        if turned in (90, 270):
            width, height = height, width
        self.width, self.height = size_within(width, height)
        self.graph = _graph(self.source, frame, turned, self.width, self.height)
        self.stream = self.made.add_stream("libx264", rate=FRAMES_PER_S)
        self.stream.width, self.stream.height = self.width, self.height
        self.stream.pix_fmt = "yuv420p"
        self.stream.codec_context.thread_count = 2
        self.stream.options = {
            "preset": "veryfast",
            "crf": "26",
            "profile": "main",
            "x264-params": "no-info=1",
        }
        if self.voice is not None:
            self.sound = _Sound(self.made, 96_000)
            for early in self.early:
                self.sound.add(early)
            self.early.clear()

    def _drain(self) -> None:
        while True:
            try:
                even = self.graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self._write(even)

    def _write(self, frame: Any) -> None:
        if self.frames == 0:
            _save_thumb(frame, self.thumb)
        self.frames += 1
        if self.frames > (VIDEO_SECONDS + GRACE_S * 2) * FRAMES_PER_S:
            raise UnfitFile("too_long", seconds=self.seconds, most=VIDEO_SECONDS)
        frame.pts = self.frames - 1
        frame.time_base = Fraction(1, FRAMES_PER_S)
        frame.pict_type = 0
        self.made.mux(self.stream.encode(frame))


_TURNS = {90: ["cclock"], 270: ["clock"], 180: ["clock", "clock"]}


def _graph(source: Any, frame: Any, turned: int, width: int, height: int) -> Any:
    """Turn, shrink, and even the pace."""
    graph = av.filter.Graph()
    nodes = [
        graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=source.time_base
        )
    ]
    nodes += [graph.add("transpose", f"dir={way}") for way in _TURNS.get(turned, [])]
    nodes.append(graph.add("scale", f"w={width}:h={height}:flags=bicubic"))
    nodes.append(graph.add("fps", f"fps={FRAMES_PER_S}"))
    nodes.append(graph.add("format", "pix_fmts=yuv420p"))
    nodes.append(graph.add("setsar", "sar=1"))
    nodes.append(graph.add("buffersink"))
    graph.link_nodes(*nodes).configure()
    return graph


def _save_thumb(frame: Any, thumb: Path) -> None:
    """A JPEG of one frame; Pillow writes nothing but the pixels."""
    picture = frame.to_image()
    picture.thumbnail((THUMB_EDGE, THUMB_EDGE))
    with thumb.open("wb") as out:
        picture.save(out, "JPEG", quality=80)

"""What residents film and say, and the papers they bring: taken, made ready once, and served without a place."""

import io
import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import pytest
from django.test import TestCase
from PIL import Image

from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.errors import Conflict, Invalid, Missing, NoSpace
from yiwang.kernel.foundation.files import Kind, disk, preparing
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.files.rules import (
    KINDS,
    place_of_sent,
    said_size,
)
from yiwang.outside import media
from yiwang.outside.media import fake

pytestmark = pytest.mark.slow  # films are made anew, in processes of their own

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.YIWANG_HOME = tmp_path
    return tmp_path / "files"


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return fake.film(tmp_path_factory.mktemp("film") / "film.mp4")


@pytest.fixture(scope="session")
def voice(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return fake.voice(tmp_path_factory.mktemp("voice") / "voice.m4a")


def store(content: bytes, kind: Kind, name: str = "", **more: Any) -> StoredFile:
    return files.store(io.BytesIO(content), kind, name=name, by=RESIDENT, at=AT, **more)


def made(file: StoredFile) -> StoredFile:
    with TestCase.captureOnCommitCallbacks(execute=True):
        files.prepare(file.pk)
    file.refresh_from_db()
    return file


@pytest.mark.django_db
def test_a_film_waits_until_it_was_made_ready_without_its_place(home: Path, film: bytes) -> None:
    assert b"35.24" in film
    assert b"SpyPhone" in film
    file = store(film, Kind.VIDEO, "楼道漏水.mov")
    assert (file.state, file.name, file.duration_ms) == ("preparing", "楼道漏水.mp4", 2000)
    with pytest.raises(Missing):
        files.path_of(file, "thumb")
    file = made(file)
    assert (file.state, file.mime, file.width, file.height) == ("ready", "video/mp4", 320, 240)
    content = files.path_of(file).read_bytes()
    for word in (b"35.24", b"115.46", b"SpyPhone", b"Wang", b"Lavf"):
        assert word not in content
    with av.open(io.BytesIO(content)) as opened:
        assert [s.codec_context.name for s in opened.streams] == ["h264", "aac"]
        assert not {"location", "title"} & set(opened.metadata)
    with Image.open(files.path_of(file, "thumb")) as thumb:
        assert thumb.size == (320, 240)
    assert not (home / place_of_sent(file.pk)).exists()
    assert not list(home.rglob("*.part"))


@pytest.mark.django_db
def test_the_table_of_contents_stands_in_front_so_that_playing_begins_at_once(film: bytes) -> None:
    content = files.path_of(made(store(film, Kind.VIDEO))).read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "codec"), [("mov", "libx264"), ("webm", "libvpx-vp9"), ("3gp", "mpeg4")]
)
def test_every_telephone_s_film_becomes_one_kind(tmp_path: Path, form: str, codec: str) -> None:
    file = made(store(fake.film(tmp_path / f"f.{form}", form=form, codec=codec), Kind.VIDEO))
    assert (file.state, file.mime) == ("ready", "video/mp4")


@pytest.mark.django_db
def test_a_large_film_is_made_smaller_and_a_silent_one_stays_silent(tmp_path: Path) -> None:
    sent = fake.film(tmp_path / "f.mp4", size=(1080, 1920), seconds=0.5, sound=False)
    file = made(store(sent, Kind.VIDEO))
    assert (file.width, file.height) == (720, 1280)
    with av.open(str(files.path_of(file))) as opened:
        assert not opened.streams.audio


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "codec", "rate"),
    [
        ("ipod", "aac", 44_100),
        ("adts", "aac", 44_100),
        ("amr", "libopencore_amrnb", 8_000),
        ("mp3", "libmp3lame", 44_100),
        ("ogg", "libopus", 48_000),
        ("wav", "pcm_s16le", 16_000),
        ("webm", "libopus", 48_000),
    ],
)
def test_every_recorder_s_voice_becomes_one_kind(
    tmp_path: Path, form: str, codec: str, rate: int
) -> None:
    sent = fake.voice(tmp_path / "v", form=form, codec=codec, rate=rate, seconds=3)
    file = made(store(sent, Kind.VOICE, "录音.amr"))
    assert (file.state, file.mime, file.name) == ("ready", "audio/mp4", "录音.m4a")
    assert file.duration_ms is not None
    assert abs(file.duration_ms - 3000) < 100
    assert b"Wang" not in files.path_of(file).read_bytes()


TOO_LONG = {"size": (64, 48), "rate": 5, "sound": False}


@pytest.mark.django_db
def test_just_over_a_minute_is_refused_with_both_figures(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="65 秒，最多 60 秒"):
        store(fake.film(tmp_path / "f.mp4", seconds=65, **TOO_LONG), Kind.VIDEO)  # type: ignore[arg-type]
    assert store(fake.film(tmp_path / "g.mp4", seconds=60, **TOO_LONG), Kind.VIDEO)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_voice_over_three_minutes_is_refused(tmp_path: Path) -> None:
    sent = fake.voice(tmp_path / "v", form="amr", codec="libopencore_amrnb", rate=8000, seconds=183)
    with pytest.raises(Invalid, match="183 秒，最多 180 秒"):
        store(sent, Kind.VOICE)


HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.VOICE])
@pytest.mark.parametrize(
    "content", [HTML, SVG, PLAYLIST, b"GIF89a" + HTML, b"\xff\xd8\xff\xe0" + HTML]
)
def test_what_is_no_film_and_no_voice_is_refused(home: Path, kind: Kind, content: bytes) -> None:
    with pytest.raises(Invalid, match=r"只接受|不完整") as refusal:
        store(content, kind)
    assert refusal.value.field == kind
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_at_all_is_refused(kind: Kind, home: Path) -> None:
    with pytest.raises(Invalid, match="文件是空的"):
        store(b"", kind)
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_a_film_in_the_place_of_a_voice_is_sent_to_its_place(film: bytes, voice: bytes) -> None:
    with pytest.raises(Invalid, match="放到视频一栏"):
        store(film, Kind.VOICE)
    with pytest.raises(Invalid, match="放到录音一栏"):
        store(voice, Kind.VIDEO)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_a_film_cut_off_is_refused_and_leaves_nothing(
    film: bytes, home: Path, share: float
) -> None:
    with pytest.raises(Invalid, match=r"不完整|只接受"):
        store(film[: int(len(film) * share)], Kind.VIDEO)
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_damaged_bytes_are_taken_or_refused_and_never_bring_the_office_down(
    film: bytes, seed: int
) -> None:
    from random import Random

    chance, sent = Random(seed), bytearray(film)
    for _ in range(40):
        sent[chance.randrange(len(sent))] = chance.randrange(256)
    try:
        file = store(bytes(sent), Kind.VIDEO)
    except Invalid:
        return
    for _ in range(preparing.ATTEMPTS):
        try:
            file = made(file)
        except media.Broken:
            file.refresh_from_db()
    assert file.state in ("ready", "failed")


def test_over_the_limit_is_refused_before_it_is_read(home: Path) -> None:
    class Endless(io.BytesIO):
        size = 203 * 1024 * 1024

        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("nothing is read")

    for kind, rule in KINDS.items():
        with pytest.raises(Invalid, match=f"203 MB，太大了.*最多 {said_size(rule.max_bytes)}"):
            files.store(Endless(), kind, by=RESIDENT, at=AT)
    assert not home.exists()


def test_what_does_not_say_its_size_is_stopped_at_the_limit(home: Path) -> None:
    class Stream:
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return b"x" * size

    stream = Stream()
    with pytest.raises(Invalid, match="最多 20 MB"):
        files.store(stream, Kind.DOCUMENT, by=RESIDENT, at=AT)
    assert stream.given < 25 * 1024 * 1024
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_the_same_id_again_is_the_same_file(film: bytes, voice: bytes) -> None:
    key = uuid.uuid4()
    first = store(film, Kind.VIDEO, id=key)
    assert store(film, Kind.VIDEO, id=key).pk == first.pk == key
    assert StoredFile.objects.count() == 1
    with pytest.raises(Conflict):
        store(voice, Kind.VOICE, id=key)
    with pytest.raises(Conflict):
        files.store(io.BytesIO(film), Kind.VIDEO, id=key, by=SYSTEM, at=AT)


@pytest.mark.django_db
def test_a_worker_killed_over_a_film_is_followed_by_another_that_makes_it_once(
    film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store(film, Kind.VIDEO)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(media, "ask", killed)
        with pytest.raises(KeyboardInterrupt):
            files.prepare(file.pk)
    file.refresh_from_db()
    assert (file.state, file.attempts) == ("preparing", 1)
    assert files.waiting(at=AT + timedelta(minutes=10)) == [file.pk]
    file = made(file)
    assert (file.state, file.attempts) == ("ready", 2)
    before = files.path_of(file).stat().st_mtime_ns
    assert made(file).attempts == 2
    assert files.path_of(file).stat().st_mtime_ns == before
    assert files.waiting(at=AT + timedelta(minutes=10)) == []


@pytest.mark.django_db
def test_a_film_that_brings_the_converter_down_is_given_up_and_the_original_kept(
    film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store(film, Kind.VIDEO)

    def crash(*_: object, **__: object) -> None:
        raise media.Broken("ended with -11")

    monkeypatch.setattr(media, "ask", crash)
    for _ in range(2):
        with pytest.raises(media.Broken):
            files.prepare(file.pk)
    file = made(file)
    assert (file.state, file.problem) == ("failed", "gave_up")
    assert files.path_of(file).read_bytes() == film
    files.sweep_orphans(at=AT)
    assert files.path_of(file).exists()


def test_a_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def sleeping(command: list[str], **more: Any) -> subprocess.Popen[bytes]:
        started.append(real(["/bin/sleep", "60"], **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", sleeping)
    with pytest.raises(media.Broken):
        media.ask("look_video", tmp_path / "x", seconds=0.3)
    with pytest.raises(media.Stopped):
        media.ask("look_video", tmp_path / "x", stop=lambda: True)
    assert [child.poll() for child in started] == [-9, -9]


@pytest.mark.django_db
def test_office_files_and_voices_are_never_published(film: bytes, voice: bytes) -> None:
    with pytest.raises(Invalid, match="另存为 PDF"):
        files.publish(store(fake.office(), Kind.DOCUMENT), by=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="听出是谁"):
        files.publish(made(store(voice, Kind.VOICE)), by=SYSTEM, at=AT)
    waiting = store(film, Kind.VIDEO)
    with pytest.raises(Invalid, match="还没有准备好"):
        files.publish(waiting, by=SYSTEM, at=AT)
    public = files.publish(made(waiting), by=SYSTEM, at=AT)
    assert b"35.24" not in files.path_of(public, "public").read_bytes()


@pytest.mark.django_db
def test_a_full_disk_is_said_and_leaves_nothing(
    film: bytes, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoSpace):
        store(film, Kind.VIDEO)
    assert not [path for path in home.rglob("*") if path.is_file()]
    assert not StoredFile.objects.exists()


def test_films_leave_room_for_reports(
    film: bytes, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")(10**12, 10**12, disk.ROOM - 1)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(NoSpace):
        store(film, Kind.VIDEO)
    assert not home.exists()


@pytest.mark.django_db
def test_what_waits_to_be_made_ready_is_not_swept_while_somebody_refers_to_it(film: bytes) -> None:
    import os

    file = store(film, Kind.VIDEO)
    sent = disk.folder() / place_of_sent(file.pk)
    os.utime(sent, (1, 1))
    assert files.sweep_orphans(at=AT + timedelta(hours=1)) == 0
    assert sent.exists()
    assert files.sweep_orphans(at=AT + timedelta(days=2)) == 1
    assert not StoredFile.objects.exists()

"""What a photo must be, what is kept of it, and what hostile bytes come to."""

import errno
import io
import os
import struct
import time
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from yiwang.kernel.foundation import audit, files
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.foundation.errors import Forbidden, Invalid, Missing, NoSpace
from yiwang.kernel.foundation.files import disk, pictures
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.tests.conftest import Officer, shanghai

AT = shanghai("2026-11-23 09:00")
GPS = {1: "N", 2: (35.0, 14.0, 3.0), 3: "E", 4: (115.0, 28.0, 9.0)}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.YIWANG_HOME = tmp_path
    return tmp_path / "files"


def street(width: int = 320, height: int = 200) -> Image.Image:
    """A left half in red, a right half in blue."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def with_place(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SpyPhone"
    exif.get_ifd(0x8825).update(GPS)
    exif.get_ifd(0x8769)[0x9003] = "2026:11:23 09:00:00"
    return encoded(street(), exif=exif, comment=b"by Wang", quality=95)


def store(content: bytes) -> StoredFile:
    return files.store_photo(io.BytesIO(content), by=RESIDENT, at=AT)


def kept(file: StoredFile, size: str = "full") -> Image.Image:
    with files.open_photo(file, size) as opened:  # type: ignore[arg-type]  # a plain word here
        image = Image.open(io.BytesIO(opened.read()))
    image.load()
    return image


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_in_two_sizes(form: str) -> None:
    file = store(encoded(street(3000, 1500), form))
    assert (file.mime, file.width, file.height, file.is_public) == ("image/jpeg", 2000, 1000, False)
    assert kept(file).size == (2000, 1000)
    assert kept(file, "thumb").size == (400, 200)
    with files.open_photo(file) as opened:
        assert file.size == len(opened.read())


@pytest.mark.django_db
def test_a_small_photo_is_not_blown_up() -> None:
    file = store(encoded(street(120, 80)))
    assert kept(file).size == kept(file, "thumb").size == (120, 80)


@pytest.mark.django_db
def test_place_camera_time_and_comment_are_gone() -> None:
    sent = with_place()
    assert dict(Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825))
    file = store(sent)
    for size in ("full", "thumb"):
        image = kept(file, size)
        assert not dict(image.getexif())
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
        with files.open_photo(file, size) as opened:  # type: ignore[arg-type]  # a plain word here
            content = opened.read()
        assert b"SpyPhone" not in content
        assert b"Wang" not in content
        assert b"Exif" not in content


@pytest.mark.django_db
def test_texts_and_profiles_of_a_png_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Wang", zip=True)
    file = store(encoded(street(), "PNG", pnginfo=info, icc_profile=b"profile of a camera"))
    with files.open_photo(file) as opened:
        content = opened.read()
    assert b"Wang" not in content
    assert b"profile" not in content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("orientation", "red_side"), [(1, "left"), (3, "right"), (6, "top"), (8, "bottom")]
)
def test_a_photo_stands_upright(orientation: int, red_side: str) -> None:
    image = kept(store(with_place(orientation))).convert("RGB")
    width, height = image.size
    points = {
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
    }
    reds = {side for side, point in points.items() if image.getpixel(point)[0] > 200}
    assert red_side in reds
    assert (width > height) == (orientation in (1, 3))


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_kind_of_colour_is_understood(mode: str) -> None:
    image = Image.new("I;16", (40, 30)) if mode == "I;16" else street(40, 30).convert(mode)
    assert kept(store(encoded(image, "PNG"))).mode == "RGB"


@pytest.mark.django_db
def test_print_colours_are_understood() -> None:
    assert kept(store(encoded(street().convert("CMYK")))).mode == "RGB"


@pytest.mark.django_db
def test_what_is_see_through_becomes_white() -> None:
    image = Image.new("RGBA", (40, 30), (255, 0, 0, 0))
    assert min(kept(store(encoded(image, "PNG"))).getpixel((20, 15))) > 250  # type: ignore[type-var,arg-type]  # RGB pixel


@pytest.mark.django_db
def test_equal_photos_share_their_bytes_and_not_their_row(home: Path) -> None:
    first, second = store(encoded(street())), store(encoded(street()))
    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    assert len([path for path in home.rglob("*") if path.is_file()]) == 2


@pytest.mark.django_db
def test_storing_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        store(encoded(street()))


@pytest.mark.django_db
def test_only_the_program_may_read_the_folder(home: Path) -> None:
    store(encoded(street()))
    assert {path.stat().st_mode & 0o077 for path in home.rglob("*")} == {0}


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
FTYP = b"\x00\x00\x00\x18ftyp%s\x00\x00\x00\x00mif1heic" + b"\x00" * 64


def bomb() -> bytes:
    """A PNG of few bytes that claims 400 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def moving(form: str) -> bytes:
    frames = [street(40, 30), Image.new("RGB", (40, 30), "green")]
    return encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"\xff", "这不是照片"),
        (b"\xff\xd8\xff", "这不是照片"),
        (SVG, "这不是照片"),
        (HTML, "这不是照片"),
        (b"\xff\xd8\xff\xe0" + HTML, "这不是照片"),
        (b"%PDF-1.7 photo.jpg", "这不是照片"),
        (b"PK\x03\x04" + b"\x00" * 100, "这不是照片"),
        (encoded(street(), "GIF"), "这不是照片"),
        (encoded(street(), "BMP"), "这不是照片"),
        (encoded(street(), "TIFF"), "这不是照片"),
        (moving("GIF"), "这不是照片"),
        (moving("WEBP"), "不接受动图"),
        (moving("PNG"), "不接受动图"),
        (FTYP % b"heic", "HEIC"),
        (FTYP % b"mif1", "HEIC"),
        (FTYP % b"avif", "HEIC"),
        (bomb(), "像素过大"),
        (encoded(street())[:-600], "照片不完整"),
        (encoded(street(900, 900), "PNG")[:-200], "照片不完整"),
        (encoded(street(), "WEBP")[:-20], "照片不完整|这不是照片"),
        (b"\xff\xd8" + b"\x00" * (20 * 1024 * 1024), "照片最多 20 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_ordinary_photo_is_refused_with_a_sentence(
    content: bytes, said: str, home: Path
) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        store(content)
    assert refusal.value.field in {"photo"}
    assert not home.exists()


def test_just_over_fifty_megapixels_is_refused_before_it_is_decoded() -> None:
    begun = time.process_time()
    with pytest.raises(Invalid, match="像素过大"):
        store(encoded(Image.new("1", (7100, 7100)), "PNG"))
    assert time.process_time() - begun < 1


@pytest.mark.django_db
def test_html_behind_a_real_photo_is_not_kept() -> None:
    file = store(encoded(street()) + HTML)
    with files.open_photo(file) as opened:
        assert b"script" not in opened.read()


@pytest.mark.django_db
def test_the_second_picture_of_a_phone_is_left_out() -> None:
    sent = encoded(street(), "MPO", save_all=True, append_images=[street(40, 30)])
    assert kept(store(sent)).size == (320, 200)


BASES = [with_place(), encoded(street(60, 40), "PNG"), encoded(street(60, 40), "WEBP")]


@hypothesis_settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    base=st.sampled_from(BASES),
    cut=st.integers(0, 3000),
    holes=st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=8)), max_size=6),
)
@pytest.mark.slow
def test_damaged_bytes_are_a_photo_or_a_refusal_and_never_a_crash(
    base: bytes, cut: int, holes: list[tuple[int, bytes]]
) -> None:
    content = bytearray(base[: len(base) - cut % len(base)])
    for place, patch in holes:
        content[place % len(content) : place % len(content) + len(patch)] = patch
    try:
        image = pictures.clean(bytes(content))
    except Invalid:
        return
    assert image.mode == "RGB"
    assert image.width * image.height <= 4_000_000


@hypothesis_settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        [b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF\x24\x00\x00\x00WEBPVP8X", b""]
    ),
    st.binary(max_size=300),
)
def test_random_bytes_behind_any_signature_are_refused(signature: bytes, rest: bytes) -> None:
    with pytest.raises(Invalid):
        pictures.clean(signature + rest)


@pytest.mark.django_db
def test_nothing_is_public_before_a_person_publishes_it(zhang_min: Officer) -> None:
    file = store(encoded(street(3000, 1500)))
    with pytest.raises(Forbidden):
        files.open_photo(file, "public")
    file = files.publish(file, by=zhang_min, at=AT)
    assert kept(file, "public").size == (1280, 640)
    file = files.withdraw(file, by=zhang_min, at=AT)
    with pytest.raises(Forbidden):
        files.open_photo(file, "public")
    verbs = [entry.verb for entry in audit.timeline("file", str(file.pk))]
    assert verbs == ["photo_published", "photo_withdrawn"]


@pytest.mark.django_db
def test_bytes_that_are_gone_are_missing_and_not_a_crash(home: Path) -> None:
    file = store(encoded(street()))
    for path in home.rglob("*.jpg"):
        path.unlink()
    with pytest.raises(Missing):
        files.open_photo(file)


def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoSpace):
        store(encoded(street()))
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_what_nobody_refers_to_goes_after_a_day(home: Path) -> None:
    used, unused = store(encoded(street())), store(encoded(street(60, 40)))
    (home / "ab").mkdir(exist_ok=True)
    (home / "ab" / "tmpx.part").write_bytes(b"half")
    assert files.sweep_orphans(at=AT) == 0
    long_ago = (AT - timedelta(days=2)).timestamp()
    for path in home.rglob("*.*"):
        os.utime(path, (long_ago, long_ago))
    StoredFile.objects.filter(pk=unused.pk).delete()
    assert files.sweep_orphans(at=AT + timedelta(hours=1)) == 3
    assert kept(used).size == (320, 200)
    assert len([path for path in home.rglob("*") if path.is_file()]) == 2


@pytest.mark.django_db
def test_a_row_nobody_refers_to_goes_after_a_day_with_its_bytes(home: Path) -> None:
    store(encoded(street()))
    later = AT + timedelta(days=2)
    long_ago = AT.timestamp()
    for path in home.rglob("*.*"):
        os.utime(path, (long_ago, long_ago))
    assert files.sweep_orphans(at=later) == 2
    assert not StoredFile.objects.exists()


def test_a_file_used_again_is_young_again(home: Path) -> None:
    place = files_place()
    disk.write(place, b"x")
    os.utime(home / place, (1, 1))
    disk.write(place, b"x")
    assert list(disk.older_than(time.time() - 60)) == []


def files_place():  # type: ignore[no-untyped-def]
    from yiwang.kernel.foundation.files.rules import place_of

    return place_of("ab" * 32, "full")

"""张桂兰 films the stairs, says it in her own words, and the desk sees and hears it; the town sees what was published."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.office import Office, overhang
from tests.journeys.people import Folk
from tests.journeys.photos import photo
from yiwang.kernel.cases.models import CasePhoto, Report
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.outside.media import fake

pytestmark = pytest.mark.browser
STAIRS = {"longitude": 115.4731, "latitude": 35.2392, "accuracy": 9}


def film(folder: Path) -> FilePayload:
    content = fake.film(folder / "stairs.mp4", seconds=2, size=(640, 360))
    return {"name": "楼道漏水 𠮷.mp4", "mimeType": "video/mp4", "buffer": content}


def voice(folder: Path) -> FilePayload:
    content = fake.voice(folder / "said.m4a", seconds=3)
    return {"name": "录音.m4a", "mimeType": "audio/mp4", "buffer": content}


def paper() -> FilePayload:
    return {"name": "物业通知.pdf", "mimeType": "application/pdf", "buffer": fake.pdf()}


def worker(office: Office, settings: Any) -> None:
    """What the worker does: makes ready what waits."""
    settings.YIWANG_HOME = office.house.home
    for waiting in StoredFile.objects.filter(state="preparing"):
        files.prepare(waiting.pk)


def test_a_film_and_a_voice_from_the_phone_to_the_desk_and_to_the_town(
    office: Office, folk: Folk, tmp_path: Path, settings: Any
) -> None:
    phone = office.phone()
    report = _report(office, phone, tmp_path)
    assert {one.file.kind for one in report.photos.select_related("file")} == {
        "photo", "video", "voice", "document",
    }  # fmt: skip
    _desk_waits_and_plays(office, report, settings)
    _desk_publishes_the_film(office, report)
    phone.goto(f"/f/{report.follow_code}")
    shown = phone.locator("video")
    expect(shown).to_have_count(1)
    expect(phone.locator("audio")).to_have_count(0)
    assert _plays(shown)
    office.screenshot("attachments-follow", phone)
    office.check_access(phone)
    answer = phone.request.get(shown.get_attribute("src") or "")
    assert answer.ok
    assert b"35.24" not in answer.body()
    letter = CasePhoto.objects.get(case=report.case, file__kind="document")
    assert phone.request.get(f"/photos/{letter.pk}").status == 404


def _report(office: Office, phone: Page, folder: Path) -> Report:
    phone.context.set_geolocation(STAIRS)  # type: ignore[arg-type]  # a plain dict will do
    phone.goto("/report")
    phone.set_input_files("yw-photos input[type=file]", [photo()])
    phone.click(".more-files > summary")
    phone.set_input_files("#id_video", [film(folder)])
    phone.set_input_files("#id_voice", [voice(folder)])
    phone.set_input_files("#id_documents", [paper()])
    expect(phone.locator("yw-files input[type=hidden]")).to_have_count(3)
    phone.fill("#id_text", "三楼楼道往下滴水")
    office.screenshot("attachments-report", phone)
    # Away from the bar at the foot, which covers whatever is scrolled beneath it.
    remove = phone.get_by_role("button", name="楼道漏水").first
    remove.evaluate("button => button.scrollIntoView({ block: 'center' })")
    office.check_access(phone)
    assert overhang(phone) == 0
    phone.reload()
    expect(phone.locator("yw-files input[type=hidden]")).to_have_count(3)
    phone.locator(".htmx-request").wait_for(state="detached")
    phone.locator("[data-send]:enabled").click()
    phone.wait_for_url(re.compile(r"/f/\w{13}/sent"))
    code = re.search(r"/f/(\w{13})/sent", phone.url)
    assert code
    return Report.objects.select_related("case").get(follow_code=code[1])


def _desk_waits_and_plays(office: Office, report: Report, settings: Any) -> None:
    desk = office.desk("wang.fang")
    desk.goto(f"/cases/{report.case.number}/")
    expect(desk.locator(".attached-waits")).to_have_count(2)
    office.screenshot("attachments-waiting", desk)
    worker(office, settings)
    expect(desk.locator("video")).to_have_count(1)
    expect(desk.locator("audio")).to_have_count(1)
    assert _plays(desk.locator("video"))
    assert _plays(desk.locator("audio"))
    office.screenshot("attachments-case", desk)
    office.check_access(desk)
    with desk.expect_download() as saved:
        desk.get_by_role("link", name="物业通知.pdf").click()
    assert saved.value.suggested_filename == "物业通知.pdf"


def _desk_publishes_the_film(office: Office, report: Report) -> None:
    desk = office.desk("wang.fang")
    desk.goto(f"/cases/{report.case.number}/")
    desk.locator(".attached-publish", has_text="楼道漏水").get_by_role("button").click()
    expect(desk.locator(".attached-publish", has_text="已公开")).to_have_count(1)


def _plays(player: Any) -> bool:
    """Start it, jump near the end as a listener does, and hear that it goes on."""
    return bool(
        player.evaluate(
            """async (player) => {
                player.muted = true;
                await player.play();
                player.currentTime = player.duration - 0.6;
                await new Promise((done) => player.addEventListener("timeupdate", done, { once: true }));
                return player.duration > 1.5 && player.error === null;
            }"""
        )
    )


def test_what_is_too_large_or_no_film_is_said_beside_its_box(office: Office, folk: Folk) -> None:
    phone = office.phone(locale="en-US")
    phone.goto("/report")
    phone.click(".more-files > summary")
    sham: FilePayload = {"name": "stairs.mp4", "mimeType": "video/mp4", "buffer": b"<html>"}
    phone.set_input_files("#id_video", [sham])
    expect(phone.locator(".files-video .failed .said")).to_contain_text("no video that plays")
    phone.evaluate("document.querySelector('.files-document').setAttribute('bytes', '1000')")
    phone.set_input_files("#id_documents", [{**paper(), "buffer": fake.pdf(pages=20)}])
    expect(phone.locator(".files-document .failed .said")).to_contain_text("too large")
    office.screenshot("attachments-refused", phone)
    office.check_access(phone)


def test_a_report_with_a_film_goes_through_without_script(
    office: Office, folk: Folk, tmp_path: Path
) -> None:
    context = office.browser.new_context(
        base_url=office.address,
        java_script_enabled=False,
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
    )
    office.contexts.append(context)
    phone = context.new_page()
    phone.goto("/report")
    phone.click(".more-files > summary")
    phone.set_input_files("#id_video", [film(tmp_path)])
    phone.fill("#id_text", "地下室进水")
    office.screenshot("attachments-no-script", phone)
    phone.locator("[data-send]").click()
    phone.wait_for_url(re.compile(r"/f/\w{13}/sent"))
    assert CasePhoto.objects.filter(file__kind="video", case__title="地下室进水").count() == 1

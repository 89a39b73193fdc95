"""A film of 200 MB: the sender hears why it was not taken, and neither memory nor disk of the office fill."""

import http.client
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import THE_OFFICE
from tests.journeys.office import House

pytestmark = pytest.mark.browser
MB = 1024 * 1024
SENT = 200 * MB
BOUNDARY = "a-long-film"


def memory_of(home: Path) -> int:
    """Megabytes held by the processes of the office that lives there."""
    held = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(home).encode() not in (process / "environ").read_bytes():
                continue
            status = (process / "status").read_text()
        except OSError:
            continue
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        held += int(match[1]) // 1024 if match else 0
    return held


def ticket(address: str) -> tuple[str, str]:
    """The cookies of a fresh browser, and its token."""
    asked = http.client.HTTPConnection(address, timeout=60)
    asked.request("GET", "/report")
    answer = asked.getresponse()
    answer.read()
    cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])
    asked.close()
    token = re.search(r"csrftoken=(\w+)", cookies)
    assert token
    return cookies, token[1]


def send(address: str, size: int) -> tuple[int, dict[str, Any]]:
    cookies, token = ticket(address)
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nvideo\r\n--{BOUNDARY}\r\n'
        'Content-Disposition: form-data; name="file"; filename="stairs.mov"\r\n\r\n'
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    call = http.client.HTTPConnection(address, timeout=120)
    call.putrequest("POST", "/report/photos")
    for name, value in {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(head) + size + len(tail)),
        "Cookie": cookies,
        "X-CSRFToken": token,
        "Accept": "application/json",
        "Accept-Language": "zh-CN",
    }.items():
        call.putheader(name, value)
    call.endheaders()
    call.send(head)
    piece = b"x" * MB
    for _ in range(size // MB):
        call.send(piece)
    call.send(tail)
    answer = call.getresponse()
    said = json.loads(answer.read())
    call.close()
    return answer.status, said


def test_two_hundred_megabytes_are_refused_by_name_and_size(
    houses: Callable[[str], House],
) -> None:
    house = houses(THE_OFFICE)
    address = house.address.removeprefix("http://")
    send(address, MB)
    before = memory_of(house.home)
    assert before > 30
    status, said = send(address, SENT)
    grown = memory_of(house.home) - before
    print(f"{SENT // MB} MB sent, memory {before} MB, grown by {grown} MB")  # noqa: T201 - the figure
    assert status == 422
    assert said["message"] == "stairs.mov：有 200 MB，太大了：视频最多 50 MB"
    assert grown < 60
    assert not [
        one
        for one in (house.home / "files").rglob("*")
        if one.is_file() and one.stat().st_size > MB
    ]

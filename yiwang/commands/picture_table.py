"""Which pictures README and guide show: the page, who looks at it, on how large a screen, in which light.

A picture of a page that a role cannot do without stands in the guide; a test holds pages, table and files together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, WHOLE_CASE, HAND = (1440, 900), (1440, 1300), (390, 844)
SCREEN, TALL, LONG_HAND = (1280, 800), (1280, 1200), (390, 1500)


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it; `who` is blank for a resident, `prepare` brings it into its best light."""

    name: str
    who: str
    address: str
    size: tuple[int, int]
    prepare: "Callable[[Page], None] | None" = None


def _fill_report(page: "Page") -> None:
    """A half written report: photo, words, the kind they mean, the pin. It is never sent."""
    from yiwang.demo.pictures import draw

    photo = draw(1, mended=False).getvalue()
    page.set_input_files(
        "input[type=file]", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )
    page.locator("yw-photos input[name=photos]").wait_for(state="attached")
    page.fill("#id_text", "路口的污水井盖破了一个角，晚上走路怕踩空")
    page.locator("[data-kind]").first.click()
    page.evaluate("window.scrollTo(0, 0)")


def _open_from_list(page: "Page") -> None:
    """The last case of the list, which has waited least, on a page of its own."""
    address = page.locator("[data-row-link]").last.get_attribute("href")
    page.goto(address or "/desk/")


def _case_beside_the_list(page: "Page") -> None:
    page.locator("#pane .case").wait_for()


def _open_first_work(page: "Page") -> None:
    """The first piece of work of the unit, on its page."""
    address = page.locator("main a[href^='/cases/']").first.get_attribute("href")
    page.goto(address or "/unit/")


def _send_report(page: "Page") -> None:
    """A report of its own, so that there is a code to follow; without a photo and far from what is known."""
    page.fill("#id_text", "小区门口的路灯晚上不亮，老人出门看不见台阶")
    page.fill("#id_address", "张楼社区 8 号楼门口")
    page.locator("[data-send]").click()
    page.wait_for_timeout(1500)
    if page.locator(".known-first .btn-primary").count():
        page.locator(".known-first .btn-primary").click()
    page.wait_for_url("**/sent*")


def _follow_report(page: "Page") -> None:
    _send_report(page)
    page.locator("main .btn-primary").first.click()
    page.wait_for_url(lambda address: "/sent" not in address)


def _write_down(page: "Page") -> None:
    """A call being written down; it is never entered."""
    page.locator("main textarea[name=text]").first.fill("三号楼楼道灯坏了两天，孩子放学回家看不见")
    page.wait_for_timeout(1200)


README = (
    Picture("desk", "wangfang", "/desk/", DESK, _case_beside_the_list),
    Picture("case", "wangfang", "/desk/?queue=check", WHOLE_CASE, _open_from_list),
    Picture("cockpit", "zhouwei", "/cockpit/", DESK),
    Picture("resident", "", "/report", HAND, _fill_report),
)

GUIDE = (
    Picture("resident-report", "", "/report", HAND, _fill_report),
    Picture("resident-find", "", "/f", HAND),
    Picture("resident-privacy", "", "/privacy", LONG_HAND),
    Picture("resident-sent", "", "/report", HAND, _send_report),
    Picture("resident-follow", "", "/report", HAND, _follow_report),
    Picture("grid-home", "zhangmin", "/field/", HAND),
    Picture("grid-report", "zhangmin", "/field/report/", HAND),
    Picture("grid-checks", "chenjing", "/field/checks/", HAND),
    Picture("grid-mine", "zhangmin", "/field/mine/", HAND),
    Picture("desk-queue", "wangfang", "/desk/", SCREEN, _case_beside_the_list),
    Picture("desk-case", "wangfang", "/desk/?queue=check", TALL, _open_from_list),
    Picture("desk-new", "wangfang", "/desk/new/", SCREEN, _write_down),
    Picture("desk-calls", "wangfang", "/desk/calls/", SCREEN),
    Picture("desk-search", "wangfang", "/search/?q=井盖", SCREEN),
    Picture("desk-exports", "wangfang", "/exports/", SCREEN),
    Picture("unit-work", "lina", "/unit/", SCREEN),
    Picture("unit-case", "lina", "/unit/", TALL, _open_first_work),
    Picture("leader-cockpit", "zhouwei", "/cockpit/", TALL),
    Picture("leader-late", "zhouwei", "/cockpit/late/", SCREEN),
    Picture("leader-figures", "zhouwei", "/cockpit/figures/", TALL),
    Picture("inspector-lists", "sunli", "/inspect/", SCREEN),
    Picture("inspector-openings", "sunli", "/inspect/openings/", SCREEN),
    Picture("inspector-record", "sunli", "/inspect/record/", SCREEN),
    Picture("admin-home", "wugang", "/office/", SCREEN),
    Picture("admin-territory", "wugang", "/office/territory/", SCREEN),
    Picture("admin-people", "wugang", "/office/people/", SCREEN),
    Picture("admin-import", "wugang", "/office/people/import/", SCREEN),
    Picture("admin-board", "wugang", "/office/board/", SCREEN),
    Picture("admin-catalogue", "wugang", "/office/catalogue/", SCREEN),
    Picture("admin-routing", "wugang", "/office/routing/", SCREEN),
    Picture("admin-calendar", "wugang", "/office/calendar/", SCREEN),
    Picture("admin-notices", "wugang", "/office/notices/", SCREEN),
    Picture("sign-in", "", "/sign-in", HAND),
    Picture("me", "lina", "/me/", SCREEN),
    Picture("notices", "lina", "/notices", SCREEN),
    Picture("leave", "lina", "/me/leave", SCREEN),
)

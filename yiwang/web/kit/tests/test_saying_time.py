"""Time is shown as people say it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from yiwang.web.kit import say

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=SHANGHAI)


def span(**parts: int) -> timedelta:
    return timedelta(**parts)


@pytest.mark.parametrize(
    ("left", "chinese", "english"),
    [
        (span(hours=2, minutes=15), "剩 2 小时 15 分", "2 h 15 min left"),
        (span(hours=2, seconds=40), "剩 2 小时", "2 h left"),
        (span(minutes=40), "剩 40 分钟", "40 min left"),
        (span(seconds=20), "剩 不到 1 分钟", "<1 min left"),
        (span(days=1), "剩 1 天", "1 day left"),
        (span(days=2, hours=3, minutes=5), "剩 2 天 3 小时", "2 days 3 h left"),
        (-span(days=1, hours=5), "超 1 天", "1 day over"),
        (-span(hours=3, minutes=1), "超 3 小时 1 分", "3 h 1 min over"),
    ],
)
def test_what_is_left_of_a_limit(left: timedelta, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert say.remaining(left) == chinese
    with translation.override("en"):
        assert say.remaining(left) == english


@pytest.mark.parametrize(
    ("at", "chinese", "english"),
    [
        (NOW.replace(hour=16, minute=20), "今天 16:20", "today 16:20"),
        (NOW + span(days=1), "明天 14:05", "tomorrow 14:05"),
        (NOW - span(days=1), "昨天 14:05", "yesterday 14:05"),
        (NOW + span(days=8), "12月1日 14:05", "1 Dec 14:05"),
        (NOW - span(days=400), "2025年10月19日 14:05", "19 Oct 2025 14:05"),
    ],
)
def test_a_moment(at: datetime, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert say.moment(at, NOW) == chinese
    with translation.override("en"):
        assert say.moment(at, NOW) == english


def test_today_is_a_day_of_the_town_and_not_of_greenwich() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight in the town
    with translation.override("zh-hans"):
        assert say.moment(late, NOW) == "今天 00:30"
    assert say.exact(late) == "2026-11-23 00:30:00"


def test_a_while_ago() -> None:
    with translation.override("zh-hans"):
        assert say.ago(NOW - span(seconds=5), NOW) == "刚刚"
        assert say.ago(NOW - span(minutes=5, seconds=9), NOW) == "5 分钟前"
        assert say.ago(NOW - span(hours=3, minutes=50), NOW) == "3 小时前"
        assert say.ago(NOW - span(days=1), NOW) == "昨天 14:05"

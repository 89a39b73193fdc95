"""Starter lists: they load as they are, once, and never over what a person changed."""

import pytest
from django.utils import timezone

from yiwang.kernel import catalogue
from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.foundation.actors import SYSTEM

pytestmark = pytest.mark.django_db


def test_the_ten_modules_stand_at_the_top_of_the_tree():
    actions.sync_topics(by=SYSTEM, at=timezone.now())
    names = [entry.name for entry in catalogue.book().children(None)]
    assert names == [
        "政务公开",
        "智慧党建",
        "纪律监督",
        "综合治理",
        "安全生产",
        "卫生计生",
        "城市管理",
        "社会事务",
        "经济贸易",
        "财政管理",
    ]


def test_a_second_loading_changes_nothing():
    first = actions.sync_topics(by=SYSTEM, at=timezone.now())
    second = actions.sync_topics(by=SYSTEM, at=timezone.now())
    assert (second.created, second.updated, second.kept) == (0, 0, 0)
    assert second.unchanged == first.created > 400


def test_a_name_the_town_changed_survives_the_next_loading():
    actions.sync_topics(by=SYSTEM, at=timezone.now())
    lamp = Category.objects.get(code="P0137")
    actions.edit_category(lamp.pk, name="路灯和灯杆", by=SYSTEM, at=timezone.now())
    again = actions.sync_topics(by=SYSTEM, at=timezone.now())
    lamp.refresh_from_db()
    assert (lamp.name, again.kept, again.updated) == ("路灯和灯杆", 1, 0)

"""What an administrator decides of every event: the channels, the night, the quiet hours; and each person for themselves."""

from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import versions
from yiwang.kernel.notices import channels
from yiwang.kernel.notices.actions.writing import one_at_a_time, record
from yiwang.kernel.notices.models import EventRule, Preference, QuietHours
from yiwang.kernel.notices.permissions import require_manager
from yiwang.kernel.notices.registry import events
from yiwang.kernel.notices.rules.channels import Rule, shipped


@transaction.atomic
def set_rules(rules: Iterable[Rule], *, by: User, at: datetime) -> int:
    """Write the lines that differ from what is in force. Returns how many."""
    require_manager(by, at)
    one_at_a_time()
    changed = [rule for rule in rules if rule != channels.rule_of(rule.event)]
    for rule in changed:
        if rule == shipped(rule.event):
            EventRule.objects.filter(pk=rule.event).delete()
            continue
        said = {
            "email": rule.email, "sms": rule.sms, "webhook": rule.webhook,
            "night": rule.night.value,
        }  # fmt: skip
        EventRule.objects.update_or_create(event=rule.event, defaults=said)
    if changed:
        versions.bump(f"{channels.VERSION}.rules")
        facts = {
            rule.event: {
                "email": rule.email, "sms": rule.sms, "webhook": rule.webhook,
                "night": rule.night.value,
            }
            for rule in changed
        }  # fmt: skip
        record("notice_rules_set", by, at, facts)
    return len(changed)


@transaction.atomic
def set_quiet_hours(starts: time, ends: time, *, by: User, at: datetime) -> None:
    """Set the town's quiet hours; the same time twice means none. What is held already goes out as it was told."""
    require_manager(by, at)
    QuietHours.objects.update_or_create(pk=1, defaults={"starts": starts, "ends": ends})
    versions.bump(f"{channels.VERSION}.quiet")
    record("quiet_hours_set", by, at, {"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"})


@transaction.atomic
def set_preference(
    user: User, *, no_email: Iterable[str], no_sms: Iterable[str], at: datetime
) -> None:
    """What a person does not want outside the program. Their own affair: no row of the record."""
    known = set(events())
    Preference.objects.update_or_create(
        user=user,
        defaults={
            "no_email": sorted(known & set(no_email)),
            "no_sms": sorted(known & set(no_sms)),
        },
    )

"""Rules name units and areas: when one of those changes, the book is read anew and its promise kept."""

from django.db.models.signals import post_save

from yiwang.kernel.catalogue.actions.writing import changed, keep_promise, one_at_a_time
from yiwang.kernel.catalogue.models import RoutingRule
from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.territory.models import Division


def connect() -> None:
    """Follow what the rooms below save; called once as the program starts."""
    post_save.connect(_unit_saved, sender=Unit, dispatch_uid="catalogue.unit")
    post_save.connect(_area_saved, sender=Division, dispatch_uid="catalogue.area")


def _unit_saved(*, instance: Unit, created: bool, **_signal: object) -> None:
    """Refuse to close the last unit of a published category, as saving the rules would."""
    if created or not RoutingRule.objects.filter(unit=instance).exists():
        return
    if not instance.active:
        one_at_a_time()
        keep_promise()
    changed()


def _area_saved(*, instance: Division, created: bool, **_signal: object) -> None:
    if not created and RoutingRule.objects.filter(area=instance).exists():
        changed()

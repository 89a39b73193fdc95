"""A matter about staff is kept between the inspector and whoever is asked to act: becoming one, and whom it is about."""

from datetime import datetime

from django.db import connection

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, Report, Task
from yiwang.kernel.cases.permissions import readable
from yiwang.kernel.cases.rules.stages import OPEN_TASKS
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid, Missing
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices.actions.forgetting import forget
from yiwang.kernel.organisation.duties import holds
from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.organisation.permissions import use
from yiwang.kernel.organisation.rules import Permission


def keep_within(case: Case, at: datetime) -> None:
    """Hide what others knew: who reported it is nobody's to read, nobody is called, and notices are taken back.

    Part of the move that made it confidential; who may still read it keeps the notice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT yiwang_hide_reporters(%s)", [case.pk])
    Report.objects.filter(case=case, call_next_at__isnull=False).update(call_next_at=None)
    forget_whom_it_is_hidden_from(case, at)


def forget_whom_it_is_hidden_from(case: Case, at: datetime) -> None:
    """Take back the notices of everybody who may not read the case."""
    from yiwang.kernel.notices.models import Notice

    told = Notice.objects.filter(subject_type="case", subject_id=str(case.pk))
    people = User.objects.filter(pk__in=told.values("user"))
    forget("case", case.pk, keep=[user.pk for user in people if readable(user, case, at=at)])


def name_subject(
    case_id: int, *, by: User, at: datetime, user_id: int | None = None, unit_id: int | None = None
) -> Case:
    """Say whom a matter about staff is about: one person, or one unit, or neither again. It is hidden from them.

    Raises:
        Missing: no such matter where this person inspects. Forbidden: not an inspector here.
        Invalid: no such person or unit, or both. Conflict: they work on it now.
    """
    if user_id is not None and unit_id is not None:
        raise Invalid(Sentence(N_("请选择一个人，或者一个单位")), field="subject")
    with speaking_as(by):
        case = Case.objects.visible_to(by, at=at).select_for_update().filter(pk=case_id).first()
        if case is None:
            raise Missing(Sentence(N_("没有这件案卷")))
        if not holds(by, Permission.INSPECT_VIEW, at=at, area_path=case.area_path):
            raise Forbidden(Sentence(N_("只有纪检监督员可以登记反映的对象")))
        use(by, Permission.INSPECT_VIEW, at=at, area_path=case.area_path)
        if not case.confidential:
            raise Conflict(Sentence(N_("只有反映工作人员的案卷才登记反映的对象")))
        _check_subject(case, by, user_id, unit_id)
        case.about_user_id, case.about_unit_id = user_id, unit_id
        case.version += 1
        case.save(update_fields=["about_user", "about_unit", "version"])
        # The record says that it was named, and not who: the timeline is read by whoever is asked to act.
        audit.record("case", str(case.pk), "subject_named", by=by, at=at, facts={})
        forget_whom_it_is_hidden_from(case, at)
    return case


def _check_subject(case: Case, by: User, user_id: int | None, unit_id: int | None) -> None:
    if user_id == by.pk:
        raise Invalid(Sentence(N_("反映的是您本人，请交由其他纪检监督员办理")), field="subject")
    if user_id is not None and not User.objects.filter(pk=user_id).exists():
        raise Invalid(Sentence(N_("没有这个人")), field="subject")
    if unit_id is not None and not Unit.objects.filter(pk=unit_id).exists():
        raise Invalid(Sentence(N_("没有这个单位")), field="subject")
    at_work = Task.objects.filter(case=case, state__in=OPEN_TASKS)
    if at_work.filter(handler=user_id or 0).exists() or at_work.filter(unit=unit_id or 0).exists():
        raise Conflict(Sentence(N_("反映的对象正在办理这件案卷，请先撤回派遣")), field="subject")

"""The table of retention, as the notice for residents shows it. Change a time here, and notice and run follow.

Law: the shortest time the purpose needs (Personal Information Protection Law, article 19), erased when it has ended
(article 47). What leaves with other tasks is named too, so that the table is whole.
"""

from datetime import timedelta

from django.conf import settings

from yiwang.kernel.cases import drafts
from yiwang.kernel.cases.retention import ending
from yiwang.kernel.foundation.exports.rules import LASTS as EXPORTS_LAST
from yiwang.kernel.foundation.files.actions import KEPT_UNUSED
from yiwang.kernel.foundation.retention import YEAR, Rule, register
from yiwang.kernel.foundation.sentences import N_
from yiwang.kernel.notices.actions.resending import KEPT as NOTICES_LAST

ENDED = N_("办结、答复和评价全部结束后")


def own() -> tuple[Rule, ...]:
    """What a run of the retention does itself."""
    return (
        Rule(
            "contacts", N_("您的姓名、电话，以及您替谁反映"), YEAR, ENDED,
            N_("用来联系您、回访；一年内可以核对有没有再犯"), N_("删除，案卷从此不知道是谁反映的"),
            count=lambda limit: ending.contacts(limit).count(), act=ending.end_contacts,
        ),
        Rule(
            "voices", N_("您的录音"), YEAR, ENDED,
            N_("声音能听出是谁"), N_("删除"),
            count=lambda limit: ending.voices(limit).count(), act=ending.end_voices,
        ),
        Rule(
            "refused_attachments", N_("没有受理的事项的照片、视频和文件"), timedelta(days=180),
            N_("告知不予受理后"), N_("留给您补充和申诉的时间"), N_("删除"),
            count=lambda limit: ending.refused_attachments(limit).count(),
            act=ending.end_refused_attachments,
        ),
        Rule(
            "texts", N_("办理记录里抄录的原话"), YEAR * 3, ENDED,
            N_("有争议时可以核对"), N_("清除文字，只留下哪一步、什么时候办的"),
            count=lambda limit: ending.texts(limit).count(), act=ending.end_texts,
        ),
        Rule(
            "openings", N_("工作人员打开您电话号码的记录"), YEAR * 3, N_("打开号码后"),
            N_("有人滥用时可以追查"), N_("删除"),
            count=lambda limit: ending.openings(limit).count(), act=ending.end_openings,
        ),
        Rule(
            "undoings", N_("撤销一步所需的底稿"), timedelta(days=1), N_("办理一步后"),
            N_("十秒内可以撤销；不含文字"), N_("删除"),
            count=lambda limit: ending.undoings(limit).count(), act=ending.end_undoings,
            personal=False,
        ),
    )  # fmt: skip


def of_others() -> tuple[Rule, ...]:
    """What another task of the schedule does, and what stays."""
    return (
        Rule(
            "sendings", N_("发给您的短信和邮件的发送记录"), NOTICES_LAST, N_("发出后"),
            N_("没有收到时可以查"), N_("删除"), task="notices.tidy",
        ),
        Rule(
            "drafts", N_("受理人员暂存、还没有登记的内容"), drafts.LASTS, N_("最后一次修改后"),
            N_("电话断了可以接着登记"), N_("删除"), task="cases.end_drafts",
        ),
        Rule(
            "exports", N_("工作人员导出的 Excel 表"), EXPORTS_LAST, N_("导出后"),
            N_("够下载一次"), N_("删除"), task="foundation.tidy_exports",
        ),
        Rule(
            "unused_files", N_("传上来但没有提交的照片和文件"), KEPT_UNUSED, N_("上传后"),
            N_("网络断了可以接着提交"), N_("删除"), task="foundation.sweep_files",
        ),
        Rule(
            "sessions", N_("工作人员的登录状态"), timedelta(seconds=settings.SESSION_COOKIE_AGE),
            N_("登录后"), N_("够一个班次"), N_("删除"), task="signin.sweep", personal=False,
        ),
        Rule(
            "cases", N_("案卷：什么事、在哪里、怎么办的（不含姓名电话）"), None, N_("办结后"),
            N_("是公务档案，也用来看哪里老出问题"), N_("保存；里面不再有您的姓名电话"),
        ),
        Rule(
            "record", N_("办理记录：哪一步、什么时候、谁办的"), None, N_("办结后"),
            N_("证明没有人改动过"), N_("保存；其中的文字按上面的期限清除"),
        ),
    )  # fmt: skip


def register_all() -> None:
    """Put the whole table in."""
    register(*own(), *of_others())

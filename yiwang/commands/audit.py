"""`yiwang verify-audit` and `yiwang seal-audit`: is the record whole, and from when on is it sealed?"""

import json
import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from yiwang.commands import prepare

if TYPE_CHECKING:
    from yiwang.kernel.foundation.audit import Finding

ZONE = ZoneInfo("Asia/Shanghai")
SHOWN = 50  # findings on the terminal; --json gives all


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_audit(as_json: bool) -> None:
    """Find rows of the record that were changed, removed, inserted or cut off. Exit code 1 when there are any."""
    prepare()
    from yiwang.kernel.foundation.audit import verify

    bar = Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=as_json or not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task("audit rows", total=None)
        entries = 0

        def advance(done: int, total: int) -> None:
            nonlocal entries
            entries = done
            bar.update(task, completed=done, total=total)

        findings = verify(advance)
    report = _report(entries, findings)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else _as_text(report))
    if findings:
        raise SystemExit(1)


@click.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Yesterday when left out.")
def seal_audit(day: datetime | None) -> None:
    """Seal the record now under the name of a day; the worker does it every night."""
    prepare()
    from django.utils import timezone

    from yiwang.kernel.foundation.audit import seal_day
    from yiwang.kernel.foundation.errors import Conflict

    now = timezone.now()
    wanted: date = day.date() if day else now.astimezone(ZONE).date() - timedelta(days=1)
    try:
        seal = seal_day(wanted, at=now)
    except Conflict as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{seal.day}: {seal.heads} subjects sealed, {bytes(seal.hash).hex()}")


def _report(entries: int, findings: "list[Finding]") -> dict[str, Any]:
    from yiwang.kernel.foundation.audit.models import AuditSeal

    seal = AuditSeal.objects.order_by("day").last()
    return {
        "whole": not findings,
        "entries": entries,
        "seals": AuditSeal.objects.count(),
        "last_seal": {"day": seal.day.isoformat(), "hash": bytes(seal.hash).hex()}
        if seal
        else None,
        "findings": [
            {
                "wrong": finding.wrong.value,
                "subject_type": finding.subject_type,
                "subject_id": finding.subject_id,
                "seq": finding.seq,
                "sentence": finding.sentence.text(),
            }
            for finding in findings
        ],
    }


def _as_text(report: dict[str, Any]) -> str:
    lines = [f"{report['entries']} rows, {report['seals']} daily seals"]
    if seal := report["last_seal"]:
        lines.append(f"last seal {seal['day']} {seal['hash']} (keep it in another place too)")
    found = report["findings"]
    lines += [f"  {each['wrong']}: {each['sentence']}" for each in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"  … and {len(found) - SHOWN} more (--json gives all)")
    lines.append(f"{len(found)} findings" if found else "the record is whole")
    return "\n".join(lines)

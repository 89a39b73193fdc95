"""`yiwang verify-audit` and `yiwang seal-audit`."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from click.testing import CliRunner

from yiwang.commands.audit import seal_audit, verify_audit
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.audit.models import AuditSeal

AT = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_command_says_whole_or_what_is_wrong(own_database: Any) -> None:
    for verb in ("case_reported", "case_closed"):
        audit.record("case", 2, verb, by=SYSTEM, at=AT)
    audit.seal_day(AT.date(), at=AT)
    good = CliRunner().invoke(verify_audit, ["--json"])
    assert good.exit_code == 0, good.output
    report = json.loads(good.stdout)
    assert (report["whole"], report["entries"], report["findings"]) == (True, 2, [])
    sealed = bytes(AuditSeal.objects.get().hash).hex()
    assert report["last_seal"] == {"day": "2026-11-23", "hash": sealed}
    with psycopg.connect(own_database.owner_url, autocommit=True) as owner:
        owner.execute("DELETE FROM foundation_auditentry WHERE seq = 2")
    bad = CliRunner().invoke(verify_audit, [])
    assert bad.exit_code == 1
    assert "missing_last: case 2 第 2 条及以后的记录缺失" in bad.output


@pytest.mark.django_db
def test_the_record_is_sealed_from_the_terminal() -> None:
    audit.record("case", 1, "case_reported", by=SYSTEM, at=AT)
    done = CliRunner().invoke(seal_audit, ["--day", "2026-11-23"])
    assert done.output.startswith("2026-11-23: 1 subjects sealed")
    assert CliRunner().invoke(seal_audit, ["--day", "2026-11-23"]).exit_code == 1

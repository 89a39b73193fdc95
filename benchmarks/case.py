"""How long a case's page takes on the server with N cases: the newest, the oldest and some from everywhere."""

from __future__ import annotations

import time
from random import Random
from typing import Any

from benchmarks.desk import statements

PAGES, WANTED_P95_MS = 150, 60.0


def measure(cases: int) -> dict[str, Any]:
    from django.test import Client

    from benchmarks import history
    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.cases.models import Case

    history.ready(cases)
    first, last = (
        Case.objects.order_by(by).values_list("pk", flat=True)[0] for by in ("pk", "-pk")
    )
    chance, keys = Random(cases), [first, last]
    keys += [chance.randrange(first, last) for _ in range(PAGES // 2)]
    keys += Case.objects.open().order_by("clock_due_at").values_list("pk", flat=True)[: PAGES // 2]
    desk = Client(SERVER_NAME="127.0.0.1")
    desk.force_login(User.objects.get(username="wangfang"))
    numbers = Case.objects.filter(pk__in=keys, confidential=False).values_list("number", flat=True)
    took = []
    for number in [*numbers[:5], *numbers]:
        start = time.perf_counter()
        answer = desk.get(f"/cases/{number}/")
        took.append(1000 * (time.perf_counter() - start))
        assert answer.status_code == 200, number
    took = sorted(took[5:])
    return {
        "cases": cases,
        "pages": len(took),
        "p50_ms": round(took[len(took) // 2], 1),
        "p95_ms": round(took[int(len(took) * 0.95)], 1),
        "statements": max(statements(desk, f"/cases/{number}/") for number in numbers[:9]),
        "wanted_p95_ms": WANTED_P95_MS,
    }

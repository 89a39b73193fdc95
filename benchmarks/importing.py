"""How many rows of another system's history a second come in, against a bare COPY of the same rows in the same run.

The file is generated: rows all over the demo town, with times, targets, units, kinds and words, as a city's file has. The
reference copies the same lines into one table of texts without an index: what the server does with rows nobody looks at.
"""

from __future__ import annotations

import csv
import resource
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

WANTED_ROWS_PER_SECOND, WANTED_MB = 3_000, 600
HEADER = ("number", "opened", "target", "closed", "status", "on_time", "unit", "reason", "kind",
          "title", "lon", "lat", "address", "area", "result")  # fmt: skip
MAPPING = """
[source]
name = "bench-{run}"
time_zone = "Asia/Shanghai"
[columns]
number = "number"
opened = "opened"
target = "target"
closed = "closed"
status = "status"
on_time = "on_time"
unit = "unit"
category = ["reason", "kind"]
text = "title"
lon = "lon"
lat = "lat"
address = "address"
area = "area"
result = "result"
[status]
open = "open"
closed = "closed"
[on_time]
yes = "yes"
no = "no"
[units]
other = "create"
[territory]
place = "南城街道"
level = "community"
"""
PLACES = (
    "路口",
    "小区东门",
    "学校门口",
    "菜市场北侧",
    "公交站旁",
    "3 号楼前",
    "河边步道",
    "广场西南角",
)
THINGS = (
    "的路灯",
    "的井盖",
    "的垃圾桶",
    "的护栏",
    "的树枝",
    "的雨水篦子",
    "的共享单车",
    "的广告牌",
    "的地砖",
    "的信号灯",
)
TROUBLES = (
    "坏了，晚上经过不安全", "不见了，老人小孩容易摔倒", "满了两天没人收，有味道", "歪了，刮风时摇得厉害",
    "挡住了盲道，轮椅过不去", "堵了，一下雨就积水", "松动了，车一压就响", "倒在路中间，车要绕行",
)  # fmt: skip


def write_rows(path: Path, count: int, areas: list[str]) -> None:
    """Write a seeded history of `count` rows."""
    chance = Random(count)
    begun = datetime(2026, 1, 5, 8, 0)  # noqa: DTZ001 - the file's own clock
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number in range(count):
            opened = begun + timedelta(minutes=5 * number)
            target = opened + timedelta(days=chance.choice((1, 3, 14)))
            closed = opened + timedelta(hours=chance.expovariate(1 / 40))
            ended = chance.random() < 0.94
            writer.writerow([
                f"B{number:08d}", opened, target if chance.random() < 0.8 else "",
                closed if ended else "", "closed" if ended else "open",
                "yes" if closed <= target else "no", f"单位 {chance.randrange(12)}",
                f"大类 {chance.randrange(20)}", f"小类 {chance.randrange(9)}",
                f"{chance.choice(PLACES)}{chance.choice(THINGS)}{chance.choice(TROUBLES)}，请尽快处理", round(chance.uniform(115.452, 115.488), 6),
                round(chance.uniform(35.216, 35.244), 6), f"示例一街 {chance.randrange(200)} 号",
                chance.choice(areas), "已派人到现场处理完毕，设施恢复使用" if ended else "",
            ])  # fmt: skip


def reference(path: Path) -> float:
    """Rows a second of COPY into a plain table."""
    from django.db import connection, transaction

    lines = path.read_bytes()
    count = lines.count(b"\n") - 1
    columns = ", ".join(f"{name} text" for name in HEADER)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE plain ({columns}) ON COMMIT DROP")
        start = time.perf_counter()
        with cursor.copy("COPY plain FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(lines)
        return count / (time.perf_counter() - start)


def measure(rows: int, rounds: int) -> dict[str, object]:
    """Import files of `rows` rows, each new to the database; the median counts."""
    from django.utils import timezone

    from yiwang.kernel.cases.importing import bringing, mapping
    from yiwang.kernel.territory.models import Division

    areas = list(Division.objects.level("community").values_list("name", flat=True))
    rates, references = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            told, file = Path(folder) / "mapping.toml", Path(folder) / "rows.csv"
            told.write_text(MAPPING.format(run=time.time_ns()), encoding="utf-8")
            write_rows(file, rows, areas)
            references.append(reference(file))
            figures, bad = bringing.bring_in(mapping.read(told), file, at=timezone.now())
            assert figures.imported == rows and not bad, (figures, bad[:3])
            rates.append(rows / figures.seconds)
    rate, plain = sorted(rates)[rounds // 2], sorted(references)[rounds // 2]
    return {
        "rows": rows,
        "rows_per_second": round(rate, 1),
        "reference_rows_per_second": round(plain, 1),
        "ratio": round(rate / plain, 4),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "wanted_rows_per_second": WANTED_ROWS_PER_SECOND,
        "wanted_mb": WANTED_MB,
    }

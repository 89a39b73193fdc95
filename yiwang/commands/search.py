"""`yiwang reindex-search`: write anew what cases are found by, for a history that came in without it."""

import click

from yiwang.commands import prepare

AT_ONCE = 500


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every case, not only those without words.")
def reindex_search(everything: bool) -> None:
    """Write the words and marks of cases anew; safe to break off and to run beside the office."""
    prepare()
    from django.db import transaction
    from django.db.models import CharField, Q
    from django.db.models.functions import Cast

    from yiwang.kernel.cases.lookups import reword
    from yiwang.kernel.cases.models import Case
    from yiwang.kernel.foundation.actors import SYSTEM
    from yiwang.kernel.foundation.viewer import speaking_as

    wanted = Case.objects.all()
    if not everything:
        said = Cast("lookup__words", CharField())
        wanted = wanted.annotate(said=said).filter(Q(lookup=None) | Q(said=""))
    last, done = 0, 0
    while True:
        with transaction.atomic(), speaking_as(SYSTEM):
            rows = list(wanted.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
            if not rows:
                break
            reword(*rows)
        last, done = rows[-1].pk, done + len(rows)
        click.echo(f"\r{done} cases", nl=False)
    click.echo(f"\r{done} cases are found by their words and marks.")

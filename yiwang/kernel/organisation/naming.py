"""What is called by name here: every place and unit with its code. Nobody's password should be one of them."""

from collections.abc import Iterator

from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.territory.land import land


def names_here() -> Iterator[str]:
    for place in land().places.values():
        yield from (place.name, place.short_name)
    for name, code in Unit.objects.values_list("name", "code"):
        yield from (name, code)

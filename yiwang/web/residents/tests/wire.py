"""A gateway that sends every question and every answer through JSON, as another network would."""

from typing import Any, get_type_hints

from yiwang.kernel.foundation.errors import Refused
from yiwang.web.residents.gateway import Gateway
from yiwang.web.residents.gateway.local import LocalGateway
from yiwang.web.residents.gateway.messages import Refusal

METHODS = [name for name in vars(Gateway) if not name.startswith("_")]


class WireGateway:
    """Wraps the local one; `sent` keeps what has crossed, by method."""

    def __init__(self) -> None:
        self.local = LocalGateway()
        self.sent: dict[str, list[str]] = {}

    def __getattr__(self, name: str) -> Any:
        hints = get_type_hints(getattr(LocalGateway, name))
        answers = hints.pop("return")
        asks = next(iter(hints.values()))

        def call(message: Any, *behind: Any) -> Any:
            """`behind` are the bytes of an upload, which travel as they are."""
            text = message.model_dump_json()
            self.sent.setdefault(name, []).append(text)
            assert asks.model_validate_json(text) == message
            try:
                answer = getattr(self.local, name)(asks.model_validate_json(text), *behind)
            except Refused as refused:
                crossed = Refusal.of(refused).model_dump_json()
                raise Refusal.model_validate_json(crossed).restored() from None
            assert answers.model_validate_json(answer.model_dump_json()) == answer
            return answers.model_validate_json(answer.model_dump_json())

        return call

"""The forms of a page as a browser sees them, to be sent with anything."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TYPED = {"text", "search", "tel", "email", "url", "password", ""}


@dataclass
class Form:
    """`typed` are the names of the boxes one types into; `given` is what would be sent as the page stands."""

    action: str
    method: str
    typed: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    given: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, text: str) -> dict[str, Any]:
        """What is sent when `text` is typed into every box."""
        return {**self.given, **dict.fromkeys(self.typed, text)}


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.by_id = page, [Form(page, "none")], {}
        self.open: list[Form] = []
        self.select: tuple[Form, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = has.get("hx-post") or has.get("action") or self.page
            form = Form(action, "post" if "hx-post" in has else has.get("method", "get").lower())
            self.open.append(form)
            self.forms.append(form)
            self.by_id[has.get("id", "")] = form
            return
        at = self.by_id.get(has.get("form", ""), self.open[-1] if self.open else self.forms[0])
        name = has.get("name", "")
        if tag in ("input", "textarea", "button") and name:
            self._box(at, tag, name, has)
        elif tag == "select":
            self.select = (at, name)
        elif tag == "option" and self.select and self.select[1]:
            form, name = self.select
            if "selected" in has or (name not in form.given and has.get("value")):
                form.given[name] = [has.get("value", "")]

    def _box(self, form: Form, tag: str, name: str, has: dict[str, str]) -> None:
        kind = has.get("type", "") if tag == "input" else tag
        if kind == "textarea" or kind in TYPED:
            form.typed.add(name)
        elif kind == "file":
            form.files.add(name)
        elif kind in ("checkbox", "radio"):
            if "checked" in has or (kind == "radio" and name not in form.given):
                form.given[name] = [has.get("value", "on")]
        elif kind != "button":
            form.given.setdefault(name, []).append(has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.open:
            self.open.pop()
        if tag == "select":
            self.select = None


def forms_of(page: str, html: str) -> list[Form]:
    """Every form of a page that sends something typed."""
    reader = _Reader(page)
    reader.feed(html)
    return [form for form in reader.forms[1:] if form.typed or form.files]

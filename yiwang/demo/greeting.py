"""What the first start says about whom one can log in as. No Django here."""

from yiwang.demo.people import NAMED, PASSWORD, ROLE_WORDS


def lines() -> list[str]:
    """Return the named people of the demo town, a line each, one of every role first."""
    shown: dict[str, list[str]] = {}
    for person in NAMED:
        shown.setdefault(ROLE_WORDS[person.role], []).append(f"{person.username} ({person.name})")
    people = [f"{role:<28} {', '.join(names)}" for role, names in shown.items()]
    return [
        "Demo town 南城街道, generated: invented people, made-up boundaries.",
        f"Residents need no login. Staff sign in at /sign-in with the password {PASSWORD}:",
        *people,
    ]

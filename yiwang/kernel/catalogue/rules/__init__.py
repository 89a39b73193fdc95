"""The rules of the catalogue, pure: words, routing, rehearsal, suggestion, the shape of the tree."""

from yiwang.kernel.catalogue.rules.routing import Match, Router, RouteRule, first_match
from yiwang.kernel.catalogue.rules.words import Kind, Stage, Urgency, Verifier

__all__ = [
    "Kind",
    "Match",
    "RouteRule",
    "Router",
    "Stage",
    "Urgency",
    "Verifier",
    "first_match",
]

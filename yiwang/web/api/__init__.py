"""The door for programs: JSON over HTTP under /api/v1/, without cookies or sessions.

Nouns: report, rating, photo, refusal ({"code", "message", "field"}). Promises: the same id with the same content is the
same report, with other content 409; a wrong value is named with its field (422) and nothing is half-written; too many
calls are 429 with Retry-After; taking a report touches no session and costs at most twelve statements.
"""

"""The residents' door: report a matter, follow it, rate the result. A phone browser, no login, useful without script.

Nouns: gateway (the one way from these pages to the kernel), draft (what was typed so far), code (follows a report).
Promises: nothing typed is lost by an error, a limit or a double tap; a code shows how far the matter is and no personal
data; no page here touches a session; everything asked of the kernel is a message that can travel as JSON, so that these
pages can run on another network than the office's.
"""

"""Signing in and out, the language and the look, and the way home: the doorstep of the house.

Nouns: home (where a role begins the day). Promises: nobody is sent to another site; a wrong password never says whether
the name exists; the choice of language and look needs no account.
"""

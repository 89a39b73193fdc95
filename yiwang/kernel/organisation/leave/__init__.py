"""Leave and stand-ins: for its days a person's rights, work and notices are somebody else's, and come back by themselves.

The rule stands in `rules`; who agrees, in `actions`. Promises: nobody is away and standing in on the same day; nobody
checks what they did themselves, nor what was done by the person they stand in for; what is done for somebody says so in
the record.
"""

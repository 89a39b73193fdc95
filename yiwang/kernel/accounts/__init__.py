"""Who can log in, and how. Noun: user. What a user may do is decided by postings (organisation)."""

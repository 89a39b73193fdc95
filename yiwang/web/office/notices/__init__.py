"""The administrator's pages of notices: what did not go out, the table, the words, the channels and endpoints."""

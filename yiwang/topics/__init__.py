"""One folder per subject. Topics are strangers to one another; each can be deleted with its line in the settings."""

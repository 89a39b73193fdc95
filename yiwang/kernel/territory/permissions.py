"""What a person must hold to change the land. Everybody may read it."""

MANAGE = "territory.manage"

"""How long an office keeps what it knows of people: the table, and what ends each line."""

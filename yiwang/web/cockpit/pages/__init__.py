"""The pages of the leader and of the inspector."""

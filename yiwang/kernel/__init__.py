"""The rules of the house; knows no screen and no topic. Listed from the ground up in docs/tour.md."""

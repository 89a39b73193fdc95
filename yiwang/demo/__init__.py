"""The demo town: 南城街道 with generated boundaries and invented people, written through the actions of the kernel."""

SEED = 371702003

"""Work safety (安全生产): ordinary and major hazards, the nine types of small premises, businesses and sites."""

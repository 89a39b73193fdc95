"""What is one's own beside the queues: parked reports, and filters kept under a name, with capped counts."""

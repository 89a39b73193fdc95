"""The desk: queues with live counts, rows by the clock, the selected case beside them."""

"""What a burst, a full database and a start cost: printed by `make bench-load`."""

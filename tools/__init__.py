"""What authors run: set-up cells and badges, exercises from solutions, outputs refreshed, notebooks linted and compared."""

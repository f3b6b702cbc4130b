"""What everything means: pure functions over immutable events."""

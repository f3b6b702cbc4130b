"""The domain model: pure functions over immutable events."""

"""Attack cases, each by every door that leads there."""

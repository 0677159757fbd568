"""Tell which articles report one event, and which events share a topic."""

"""Choose what an edition tells, and in which order."""

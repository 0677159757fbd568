"""Choose sentences and headlines from what the sources wrote."""

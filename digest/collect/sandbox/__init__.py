"""Parse foreign bytes in child processes that can be killed."""

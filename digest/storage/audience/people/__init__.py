"""People in the store as admins look at them: found by words, a page at a time, in files that wait."""

"""People as admins look at them: found by words, one by one, many at once, in files that wait."""

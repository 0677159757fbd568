"""Run one edition by hand, from collecting to sending."""

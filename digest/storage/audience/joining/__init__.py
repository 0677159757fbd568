"""Store sign-ups: asked, counted, kept back."""

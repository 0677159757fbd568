"""The shapes of what programs post and are answered."""

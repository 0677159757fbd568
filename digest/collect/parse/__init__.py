"""Parse bytes into feed items and pages."""

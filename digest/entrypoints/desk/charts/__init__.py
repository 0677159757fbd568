"""The desk's pages of charts: how lists grow, and how their mail fares."""

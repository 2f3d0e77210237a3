"""A desk to look at: people and tickets to try everything with, and tickets by the thousand to measure with."""

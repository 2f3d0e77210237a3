"""The whole stack on one machine, with nothing but the standard library."""

"""Business time: when a desk is open, when a report counts as received, what is due when. No Flask, no database."""

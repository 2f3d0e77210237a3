"""The search engine of desks with many hosts: PostgreSQL's full text over our own analysis."""

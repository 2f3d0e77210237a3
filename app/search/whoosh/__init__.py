"""The search engine of one host: Whoosh over our own analysis."""

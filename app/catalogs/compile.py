"""`python -m app.catalogs.compile`: write the binary catalogs."""

from app.catalogs.shipped import ALL

if __name__ == "__main__":
    for shipped in ALL:
        shipped.compile()

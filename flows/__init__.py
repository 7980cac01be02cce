"""jibao (季报): quarterly submissions of development zones, from raw files to a trusted warehouse.

At the top of this package stand the flows alone. Each package below it is a layer;
`docs/architecture.md` shows them, with the way of a file from `raw/` to a view, and import-linter
holds the order.
"""

from pathlib import Path

PACKAGE_DIR = Path(__file__).resolve().parent
# In a checkout the SQL lies beside this package; in a built wheel it is packed inside it.
SQL_DIR = PACKAGE_DIR / "sql" if (PACKAGE_DIR / "sql").is_dir() else PACKAGE_DIR.parent / "sql"

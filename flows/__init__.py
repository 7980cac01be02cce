"""jibao (季报): quarterly submissions of development zones, from raw files to a trusted warehouse.

The folder is the pipeline. Verbs are stages and run in this order:
`receive`, `read`, `validate`, `reply`, `load`, `build`, `publish`. Nouns are what they
share: `forms`, `rules`, `findings`, `submissions`, `periods`, `units`, `warehouse`, `ledger`, `handoff`; for reading
`grids` and `layouts`; for checking `texts`, `indicators`, `registers`, `typed`, `outcomes`;
for building `relations`, `vintages`, `editions`, `dictionaries`; for answering `grades`,
`workbooks`, `bulletins`.
A flow calls verbs, verbs use nouns, nouns use libraries; nothing points the other way.
"""

from pathlib import Path

_HERE = Path(__file__).resolve().parent
# In a checkout the SQL lies beside this package; in a built wheel it is packed inside it.
SQL_DIR = _HERE / "sql" if (_HERE / "sql").is_dir() else _HERE.parent / "sql"

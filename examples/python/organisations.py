"""Print the organisations of one run in its last year, by scenario: people (of a trust or group,
its share of referrals as people), income and reserves at the scale of the sample, integration.

    python3 examples/python/organisations.py RESULT [RUN]

Needs pandas, and pyarrow or fastparquet to read Parquet; without these, run coexist with --csv.
"""

import sys
from pathlib import Path

import pandas as pd


def table(result, name):
    """A table of a result: Parquet where it can be read, CSV otherwise."""
    file = Path(result, "data", name)
    try:
        return pd.read_parquet(file.with_suffix(".parquet"))
    except ImportError:
        return pd.read_csv(file.with_suffix(".csv"))


def main(result, run="1"):
    rows = table(result, "organisations")
    rows = rows[(rows["run"] == int(run)) & (rows["year"] == rows["year"].max()) & (rows["kind"] != "practice")].copy()
    for pence in ("income_pence", "reserves_pence"):
        rows[pence.replace("pence", "kgbp")] = (rows[pence] / 100_000).round(1)
    columns = ["place", "scenario", "kind", "organisation", "enrolled", "income_kgbp", "reserves_kgbp", "integration"]
    print(rows[columns].round(3).to_string(index=False))


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])

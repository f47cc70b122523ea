"""Print what the axes of a sweep do to one measure: one row a point of the design and place, one column
a scenario, means over replicates.

    python3 examples/python/sweep.py SWEEP [MEASURE [GROUP]]

Needs pandas.
"""

import sys
from pathlib import Path

import pandas as pd


def main(sweep, measure="handoff_failures_per_episode", group="all"):
    data = Path(sweep, "result", "data")
    points = pd.read_csv(data / "points.csv")
    rows = pd.read_csv(data / "sweep.csv").merge(points, on="row")
    rows["years"] = rows["years"].astype(str)
    rows = rows[(rows["measure"] == measure) & (rows["group"] == group)]
    if rows.empty:
        sys.exit(f"{sweep}: no values of {measure} for {group}; coexist list measures names all")
    window = next(w for w in ("8-10", "all") if (rows["years"] == w).any())
    rows = rows[rows["years"] == window]
    print(f"{measure} ({rows['unit'].iloc[0]}), {group}, years {window}")
    axes = [c for c in points.columns if c != "row"]
    print(rows.pivot_table("value", ["place", *axes], "scenario").round(3).to_string())


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])

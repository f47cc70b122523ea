"""Print one measure of a result by scenario: means over the last three years and over runs, with the
paired difference from the first scenario.

    python3 examples/python/outcomes.py RESULT [MEASURE [GROUP]]

Needs nothing but Python's standard library.
"""

import csv
import statistics
import sys
from collections import defaultdict
from pathlib import Path


def read(result, measure, group):
    """Yearly values and the unit: {(place, scenario): {run: {year: [values of its quarters]}}}."""
    values, unit = defaultdict(lambda: defaultdict(lambda: defaultdict(list))), ""
    with open(Path(result, "data", "outcomes.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["measure"] == measure and row["group"] == group:
                year = (int(row["quarter"]) + 3) // 4
                values[row["place"], row["scenario"]][int(row["run"])][year].append(float(row["value"]))
                unit = row["unit"]
    return values, unit


def last_years(years, count=3):
    """Mean of the last years of one run, each the mean of its quarters."""
    return statistics.fmean(statistics.fmean(years[y]) for y in sorted(years)[-count:])


def main(result, measure="cost_per_head", group="all"):
    values, unit = read(result, measure, group)
    if not values:
        sys.exit(f"{result}: no values of {measure} for {group}; coexist list measures names all")
    print(f"{measure} ({unit}), {group}, mean of the last three years")
    first = {}
    for (place, scenario), runs in values.items():
        means = {run: last_years(years) for run, years in runs.items()}
        base = first.setdefault(place, means)
        difference = statistics.fmean(means[run] - base[run] for run in means)
        print(f"{place:<36} {scenario:<28} {statistics.fmean(means.values()):>12.3f} {difference:>+12.3f}")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])

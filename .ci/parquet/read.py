"""Reads the CSV tables of a result with pandas and compares rows and sums with what our own reader found.
python3 read.py RESULT SUMS. Where pyarrow or fastparquet can be had, the Parquet files too."""
import json
import os
import sys

import pandas

folder, sums = sys.argv[1:3]
with open(sums) as f:
    want = json.load(f)
try:
    import pyarrow  # noqa: F401
    parquet = True
except ImportError:
    parquet = False
faults, files, columns = [], 0, 0


def total(column, kind):
    if kind == "VARCHAR":
        return sum(len(text.encode()) for text in column)
    if kind == "BOOLEAN":
        return int(column.sum())
    if kind == "DOUBLE":
        return float(column.sum())
    return int(column.sum())


kinds = {"VARCHAR": str, "DOUBLE": "float64", "BOOLEAN": bool, "INTEGER": "int32", "BIGINT": "int64"}
for table, found in want.items():
    types = {c["name"]: kinds[c["type"]] for c in found["columns"]}
    for path in [f"{folder}/data/{table}.csv"] + ([f"{folder}/data/{table}.parquet"] if parquet else []):
        if not os.path.exists(path):
            continue
        if path.endswith(".csv"):
            frame = pandas.read_csv(path, dtype=types, keep_default_na=False, float_precision="round_trip")
        else:
            frame = pandas.read_parquet(path)
        files += 1
        if list(frame.columns) != list(types):
            faults.append(f"{path}: columns {list(frame.columns)}, want {list(types)}")
            continue
        if len(frame) != found["rows"]:
            faults.append(f"{path}: {len(frame)} rows, want {found['rows']}")
        for c in found["columns"]:
            columns += 1
            got = total(frame[c["name"]], c["type"])
            same = abs(got - float(c["sum"])) <= 1e-12 * c["size"] if c["type"] == "DOUBLE" else str(got) == c["sum"]
            if not same:
                faults.append(f"{path}: sum of {c['name']} is {got}, want {c['sum']}")
if files < 6:
    faults.append(f"{files} tables found, want 6 or more")
if faults:
    sys.exit("\n".join(faults))
print(f"pandas {pandas.__version__}: {files} tables, {columns} columns" + ("" if parquet else "; CSV alone, for there is no pyarrow"))

// Package results writes and reads the result folder of DESIGN section 2: a manifest, the tidy
// table of outcomes as CSV, the other tables as Parquet, scenarios, figures and a report. It
// belongs to the observation of the model and holds none of it.
//
// A folder is written by one Writer. Each run (place, scenario, replication) adds its rows and is
// ended; an ended run is a part file that survives a stop. Finish puts the parts together in the
// order of their keys, so that every file but the manifest is a function of version, scenarios,
// places and seeds alone: neither the order in which runs end, nor a stop, nor the number of
// workers changes a byte. Files appear whole or not at all.
//
// A Result reads a finished folder and checks its checksums before use.
package results

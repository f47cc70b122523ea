// Package evidence holds published numbers against the model: what each row of targets.csv says, the
// same number measured in a run, and whether it lies in its band (docs/validation.md). It re-stages
// reforms with the methods of the studies that measured them, and gives package fit the numbers that
// parameters are fitted to. Units are those of the rows.
package evidence

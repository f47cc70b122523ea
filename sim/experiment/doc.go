// Package experiment runs scenarios side by side and says what the runs bear. A plan is places ×
// scenarios × runs. Each place and seed has one warm-up under the status quo, from which every
// scenario branches: the same people with the same luck. Differences between scenarios are paired
// by run; intervals are 95 % intervals of Student's t over runs. The verdict on coexistence is that of
// docs/ODD.md, section 6: it is never more than the intervals say.
package experiment

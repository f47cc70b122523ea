// Package chance holds the random numbers of the model and the arithmetic they
// need, with the same bits on every processor.
//
// # Streams
//
// No number depends on how many were drawn before it. A stream is addressed by
// (seed, agent, week, purpose), so a patient or a policy more leaves the luck of
// everyone else as it was, and two regimes with one seed can be compared patient
// by patient (common random numbers; docs/ODD.md, stochasticity).
//
//	seed := chance.NewSeed(1)
//	rng := seed.At(patient.Key, week, chance.Referral)
//	if rng.Float64() < probability { … }
//
// An agent is named by a key that scenarios share, such as a place's code and an
// order of birth (Key, KeyString), never by its position in a slice. The
// generator is the standard PCG-DXSM of math/rand/v2; only its seeding is ours.
//
// # Arithmetic
//
// math.Exp has assembly on some processors, and compilers may fuse x*y + z into one
// rounding on arm64 and on newer amd64. Log, Exp, Phi, InvPhi and the rest are
// therefore written here in plain Go, every product that feeds a sum is wrapped in
// float64( ), which the language defines as a rounding, and of package math only
// Sqrt, Floor, Abs and the bit conversions are used. Model packages do the same; a
// test in this package reads them and fails on anything else.
//
// Logarithms are natural. Probabilities lie in [0, 1], weeks count from 0.
package chance

// Package agents holds the entities of the model (docs/ODD.md, section 2): patients, GPs,
// practices, specialists, hospitals, organisations, commissioners, social care and the regulator,
// with the state variables of each and what each can do alone. What happens between them is in
// package market, when it happens in package sim. Time is in weeks since the start of the
// warm-up, money in pence.
package agents

// None marks an index that points to nothing: no system, no site, no provider.
const None uint16 = 65535

// Never is a due week that never comes.
const Never uint16 = 65535

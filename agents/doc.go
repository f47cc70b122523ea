// Package agents holds the entities of the model (docs/ODD.md, section 2): patients, GPs,
// practices, specialists, hospitals, organisations, commissioners, social care and the regulator,
// with the state variables of each and what each can do alone. What happens between them is in
// package market, when it happens in package sim. Time is in weeks since the start of the
// warm-up, money in pence.
//
// Who looks into a running model (sim.Model.Systems and its like) or decides for an organisation
// (sim.Rule) meets them: an Organisation tells how many people it has enrolled, what share of its
// handoffs failed, and what it puts into quality, integration and prevention.
package agents

// None marks an index that points to nothing: no system, no site, no provider.
const None uint16 = 65535

// Never is a due week that never comes.
const Never uint16 = 65535

// Words of the page that do not come from the engine.

/** Terms of the glossary: name and what it means. */
export const glossary = [
  ["System", "An organisation, or a network of them, that looks after its members from the GP to the hospital, such as a hospital trust with the practices around it."],
  ["Integration", "Teams work as one. Virtual integration keeps separate organisations in a network; real integration merges them. In the model it makes handovers fail less often."],
  ["Handover", "The moment when one team passes a patient to the next: GP to clinic, clinic to ward, ward to home. What the first knew may not reach the second."],
  ["Fragmentation", "Care in pieces. Measured here by failed handovers in a hundred episodes of care."],
  ["Effective options", "How many equal choices a person really has: three hospitals of which one takes nearly everyone count for little more than one."],
  ["Quality index", "Five things in one number: control of long-term illness, waiting, emergencies that could have been avoided, harm, and what people say. Zero is England before the run; one is a big step."],
  ["Cost a head", "What care uses up in a year, divided by the people: staff, beds, tests, and the market's own paperwork. What one organisation pays another is not in it."],
  ["Airline", "Groups of GPs and specialists who run a whole pathway, say for hips, and compete for patients."],
  ["Airport", "A hospital as infrastructure: clinics, theatres and beds that anybody may rent, and an emergency department that must stay open."],
  ["Pathway", "The way of one need through care: GP, specialist, tests, treatment, home. On the map it is a flight."],
  ["Tariff", "A fixed price for each case. More cases, more money."],
  ["Block", "A fixed sum, whatever is done."],
  ["Capitation", "Money by the head: so much for each person looked after, ill or well."],
  ["Commissioner", "Who buys care for a district with public money; in 2010 the primary care trust."],
  ["Trust", "A public body that owns and runs hospitals in England."],
  ["Practice", "General practitioners who share premises and a list of registered patients."],
  ["Monopoly", "One provider and nobody else to turn to. Concentration of patients (HHI) is 1 then, and near 0 with very many rivals."],
  ["Seed", "The number that sets everybody's luck. The same seed gives the same people with the same luck."],
  ["Avoidable admission", "An emergency that good care outside hospital might have prevented."],
  ["Virtual system", "Separate organisations that promise each other to work together, without merging."],
  ["ICB", "Integrated care board: one of 42 areas into which England's health service is divided today."],
];

/** What the model leaves out, for students. */
export const leftOut = [
  ["It is not a forecast.", "Many numbers are well-founded, others are guesses with a range. How often handovers fail, and how much integration mends, no data pin down. Trust differences between systems more than levels, and neither to the last digit."],
  ["People are simple.", "No families, carers or ethnicity. Illness begins and never ends. Mental health, maternity and children's care are contacts and admissions without pathways of their own. There is no private care."],
  ["Places are simple.", "A practice is one point on the map. Everybody travels by car. Beds are estimates. Homes are drawn somewhere near the centre of their neighbourhood, not where anybody lives."],
  ["Integration is one number a link.", "What teams do to become one, computers, trust between people: all of that is behind the number."],
  ["Politics, law and managers are absent.", "Nobody lies, sues or campaigns. Tenders cost money and decide nothing."],
  ["Few people are shown.", "With some thousand people, luck shows: one run is one story. Take ten runs, or the command line, before you believe a difference."],
];

/** The four charts. */
export const charts = {
  effective_options: {title: "Choice", better: "more is better", unit: "effective options", digits: 2, term: "Effective options"},
  quality_index: {title: "Quality", better: "more is better", unit: "index, England before the run = 0", digits: 2, term: "Quality index"},
  cost_per_head: {title: "Cost", better: "less is better", unit: "pounds a head and year", digits: 0, term: "Cost a head"},
  handoff_failures_per_episode: {title: "Fragmentation", better: "less is better", unit: "failed handovers in 100 episodes", digits: 1, term: "Fragmentation"},
};

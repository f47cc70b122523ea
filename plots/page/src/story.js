// The story of one patient: who they are, what happened to them so far, and their flights on the map.

const $ = (id) => document.getElementById(id);
const tags = {country: "In the country, with illnesses", ill: "In town, with illnesses", old: "In old age", town: "In town, of working age", child: "A child"};
const kinds = {gp: "GP", nurse: "Nurse", referred: "Referral", clinic: "Clinic", treated: "Treated", emergency: "Emergency", home: "Home", handed: "Handover", lost: "Lost", harm: "Harm", life: "Life"};
const flown = 6; // flights of the patient that the map shows

export function stories(map, state) {
  let list = [], chosen = -1, told = 0;
  const select = $("who");

  function begin(stories) {
    list = stories;
    const keep = chosen;
    chosen = -1;
    map.marked = -1;
    map.path = [];
    select.replaceChildren(new Option(list.length ? "Choose somebody" : "Run first", ""));
    for (const [tag, label] of Object.entries(tags)) {
      const g = document.createElement("optgroup");
      g.label = label;
      list.forEach((s, k) => { if (s.tag === tag) g.append(new Option(s.who, k)); });
      if (g.childElementCount) select.append(g);
    }
    select.disabled = $("another").disabled = !list.length;
    if (keep >= 0 && keep < list.length) pick(keep); // the same people live through every run
    else clear();
  }

  function clear() {
    $("story-intro").textContent = "";
    $("story-sum").textContent = "";
    $("story-steps").replaceChildren();
  }

  function pick(k) {
    chosen = map.marked = k;
    select.value = k < 0 ? "" : k;
    clear();
    map.path = [];
    told = 0;
    if (k < 0) return;
    $("story-intro").textContent = list[k].text;
    show(state().shown, true);
  }

  /** Steps of the chosen person up to a frame. */
  function steps(frame) {
    return state().frames.slice(0, frame + 1).flatMap((f) => (f.steps ?? []).filter((s) => s.story === chosen));
  }

  function show(frame) {
    if (frame >= 0 && frame % 4 === 0) flights();
    if (chosen < 0 || frame < 0) return;
    const all = steps(frame), box = $("story-steps");
    if (all.length < told) { box.replaceChildren(); told = 0; }
    for (; told < all.length; told++) box.append(item(all[told]));
    map.path = all.filter((s) => s.from && s.to && s.kind !== "gp" && s.kind !== "nurse").slice(-flown);
    const n = (...k) => all.filter((s) => k.includes(s.kind)).length;
    const lost = all.filter((s) => s.kind === "lost").length, years = Math.floor(frame / 4);
    $("story-sum").textContent = all.length
      ? `So far, ${years ? `${years} ${years === 1 ? "year" : "years"}` : "within the first year"}: ${count(n("gp", "nurse"), "contact", "contacts")} at the practice, ${count(n("referred"), "referral", "referrals")}, ${count(n("clinic"), "clinic visit", "clinic visits")}, ${count(n("treated"), "treatment", "treatments")}, ${count(all.filter((s) => s.text.startsWith("Admitted")).length, "emergency admission", "emergency admissions")}; ${lost ? count(lost, "thing", "things") : "nothing"} got lost.`
      : "Nothing has happened yet.";
  }

  /** Says beside every name how often they have been sent to a specialist so far. */
  function flights() {
    const flown = new Array(list.length).fill(0);
    for (const f of state().frames.slice(0, state().shown + 1)) for (const s of f.steps ?? []) if (s.kind === "referred") flown[s.story]++;
    for (const o of select.options) {
      if (o.value !== "") o.text = list[+o.value].who + (flown[+o.value] ? ` (${count(flown[+o.value], "flight", "flights")})` : "");
    }
    return flown;
  }

  /** The next person who has flown, or the next one where nobody has. */
  function next() {
    const flown = flights(), after = list.map((_, i) => (chosen + 1 + i) % list.length);
    pick(after.find((k) => flown[k]) ?? after[0]);
  }

  const count = (n, one, many) => `${n === 0 ? "no" : n} ${n === 1 ? one : many}`;

  function item(s) {
    const li = document.createElement("li");
    li.className = `step-${s.kind}`;
    const when = document.createElement("span"), what = document.createElement("span"), tag = document.createElement("b");
    when.className = "when";
    when.textContent = `Year ${Math.floor(s.week / 52) + 1}, week ${s.week % 52 + 1}`;
    tag.textContent = kinds[s.kind] ?? "";
    what.append(tag, " ", s.text);
    li.append(when, what);
    return li;
  }

  select.addEventListener("change", () => pick(select.value === "" ? -1 : +select.value));
  $("another").addEventListener("click", () => { if (list.length) next(); });
  return {begin, pick, show};
}

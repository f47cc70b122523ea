// The page: settings, playing a run, charts, stories, challenges, links and files.
import {connect, Fault} from "./engine.js";
import {RouteMap, colourOf, shape, shapeOf, unpackDots} from "./map.js";
import {draw, show} from "./charts.js";
import {charts, leftOut} from "./words.js";
import {explain, openGlossary} from "./glossary.js";
import {controls} from "./controls.js";
import {stories} from "./story.js";
import {savePicture} from "./picture.js";

const $ = (id) => document.getElementById(id);
const peopleChoices = [2000, 5000, 10000, 20000], yearChoices = [5, 10, 15, 20];
const state = {
  catalogue: null, engine: null, place: null, start: null, frames: [], series: null, last: null, ten: null,
  settings: null, begun: 0, took: 0, playing: false, until: Infinity, at: 0, ended: false, flying: false, stop: null, shown: -1, check: null,
};
let map, panel, story;

/** Tells something to everybody, and to screen readers at once. */
function notice(text) {
  $("notice").hidden = !text;
  $("notice").textContent = text;
}

/** Tells screen readers quietly. */
function say(text) { $("live").textContent = text; }

start().catch((e) => {
  console.error(e);
  notice("The page could not be loaded. " + (location.protocol === "file:" ? "Open it from a web server: browsers run no simulation from a file." : e.message));
});

async function start() {
  const answer = await fetch("catalogue.json");
  if (!answer.ok) throw new Error(`catalogue.json: ${answer.status}`);
  const c = state.catalogue = await answer.json();
  state.engine = connect(c);
  map = new RouteMap($("map"), $("map-box"));
  panel = controls($("questions"), c, changed);
  story = stories(map, () => state);
  fill(c);
  applyLink();
  wire();
  loop();
  await preview();
}

/** Fills in what the catalogue knows. */
function fill(c) {
  const group = (label, list) => {
    const g = document.createElement("optgroup");
    g.label = label;
    for (const [value, text] of list) g.append(new Option(text, value));
    return g;
  };
  $("place").append(group("Made by rule", c.places.filter((p) => p.kind === "made").map((p) => [p.name, p.label])),
    group("Real parts of England", c.places.filter((p) => p.kind === "real").map((p) => [p.name, p.label]).sort((a, b) => a[1].localeCompare(b[1]))));
  $("system").append(group("Systems of the debate", c.systems.filter((s) => s.kind === "system").map((s) => [s.name, s.title])),
    group("The question in its pure form", c.systems.filter((s) => s.kind === "arm").map((s) => [s.name, s.title])));
  for (const n of peopleChoices) $("people").append(new Option(show(n, 0), n));
  for (const n of yearChoices) $("years").append(new Option(n, n));
  $("system").value = "competing-systems";
  $("people").value = 5000;
  $("years").value = 10;
  $("where").textContent = c.delivery === "server" ? "the machine that serves this page" : "your own device";
  $("data-note").textContent = c.data;
  for (const name of c.headlines) $("chart-grid").append(chartFigure(name));
  for (const ch of c.challenges) $("challenge-list").append(challengeItem(ch));
  for (const [head, text] of leftOut) {
    const p = document.createElement("p"), b = document.createElement("strong");
    b.textContent = head + " ";
    p.append(b, ...explain(text));
    $("left-out-text").append(p);
  }
  for (const p of document.querySelectorAll(".brand p, #story > .hint")) p.replaceChildren(...explain(p.textContent));
}

function chartFigure(name) {
  const c = charts[name], f = document.createElement("figure");
  f.className = "chart panel";
  f.id = `chart-${name}`;
  f.innerHTML = `<figcaption><h3></h3><p class="unit"></p></figcaption><p class="reading"><span class="value">–</span> <span class="change"></span></p><div class="plot"></div><p class="says visually-hidden"></p>`;
  f.querySelector("h3").replaceChildren(...explain(c.title, c.term));
  f.querySelector(".unit").textContent = `${c.unit}; ${c.better}`;
  return f;
}

function challengeItem(ch) {
  const li = document.createElement("li");
  li.id = `challenge-${ch.id}`;
  li.innerHTML = `<h3></h3><p class="task"></p><details class="more"><summary>A hint</summary><p></p></details><p class="result"></p>`;
  li.querySelector("h3").textContent = ch.title;
  li.querySelector(".task").replaceChildren(...explain(ch.task));
  li.querySelector("details p").replaceChildren(...explain(ch.hint));
  return li;
}

/** The settings as they stand on the page. */
function settings(runs = 1) {
  return {
    place: $("place").value, system: $("system").value, controls: panel.moved(), people: +$("people").value, years: +$("years").value,
    seed: Math.min(Math.max(Math.round(+$("seed").value || 0), 0), 2147483647), runs,
  };
}

/** Settings as the part of a link after #. */
function link(s) {
  const q = new URLSearchParams({place: s.place, system: s.system, ...s.controls, people: s.people, years: s.years, seed: s.seed});
  return "#" + q.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** Sets the page by the address. */
function applyLink() {
  const q = new URLSearchParams(location.hash.slice(1)), wrong = [];
  const choose = (id, value) => {
    if (value === null) return;
    const option = [...$(id).options].find((o) => o.value === value);
    if (option) $(id).value = value;
    else wrong.push(`${id} “${value.slice(0, 60)}”`);
  };
  if ([...q.keys()].length && !(location.hash.length > 1 && !location.hash.includes("="))) {
    choose("place", q.get("place"));
    choose("system", q.get("system"));
    for (const [id, text] of [["people", q.get("people")], ["years", q.get("years")]]) choose(id, text);
    if (q.get("seed") !== null) {
      if (/^\d{1,10}$/.test(q.get("seed")) && +q.get("seed") <= 2147483647) $("seed").value = q.get("seed");
      else wrong.push(`seed “${q.get("seed").slice(0, 20)}”`);
    }
  }
  const moved = {};
  for (const [key, value] of q) if (!["place", "system", "people", "years", "seed"].includes(key)) moved[key] = value;
  wrong.push(...panel.set($("system").value, location.hash.includes("=") ? moved : {}));
  notice(wrong.length ? `The link asks for what is not here: ${wrong.join(", ")}. The rest is set.` : "");
  about();
}

/** Says what is chosen. */
function about() {
  const p = state.catalogue.places.find((x) => x.name === $("place").value), s = state.catalogue.systems.find((x) => x.name === $("system").value);
  $("place-about").textContent = `${p.about} ${show(p.residents, 0)} residents.`;
  $("system-about").replaceChildren(...explain(s.about));
  $("as-is").disabled = Object.keys(panel.moved()).length === 0;
}

/** A setting has changed. */
function changed() {
  about();
  history.replaceState(null, "", link(settings()));
  const old = state.settings, s = settings();
  if (state.frames.length && old && JSON.stringify({...old, runs: 1}) !== JSON.stringify(s)) {
    $("compare").textContent = "The rules have changed. Press Run to see what follows; this run becomes the dashed line.";
  }
}

function wire() {
  $("place").addEventListener("change", () => { changed(); reset(); preview(); });
  $("people").addEventListener("change", () => { changed(); reset(); preview(); });
  $("system").addEventListener("change", () => { panel.set($("system").value, {}); changed(); });
  for (const id of ["years", "seed"]) $(id).addEventListener("change", changed);
  $("controls").addEventListener("submit", (e) => { e.preventDefault(); run(Infinity); });
  $("as-is").addEventListener("click", () => { panel.set($("system").value, {}); changed(); say("All rules are as in the system."); });
  $("run").addEventListener("click", () => (state.playing ? pause() : run(Infinity)));
  $("run-below").addEventListener("click", () => { $("map-area").scrollIntoView(); $("run").focus({preventScroll: true}); run(Infinity); });
  new IntersectionObserver((seen) => $("run-below").classList.toggle("needless", seen.at(-1).isIntersecting)).observe($("run"));
  $("step").addEventListener("click", () => run(4));
  $("reset").addEventListener("click", () => { reset(); preview(); say("Reset."); });
  $("time").addEventListener("input", () => { pause(); state.at = Math.min(+$("time").value, state.frames.length - 1); });
  $("ghost").addEventListener("change", paintCharts);
  $("ten").addEventListener("click", ten);
  $("check").addEventListener("click", check);
  $("open-glossary").addEventListener("click", () => openGlossary());
  $("copy").addEventListener("click", copyLink);
  $("picture").addEventListener("click", async () => { saved(await savePicture(state, map, headline())); });
  $("csv").addEventListener("click", saveCSV);
  $("toml").addEventListener("click", saveTOML);
  addEventListener("hashchange", () => { if (location.hash.includes("=")) { applyLink(); reset(); preview(); } });
  const canvas = $("map"), tip = $("tip");
  canvas.addEventListener("click", (e) => { const k = map.storyAt(e.offsetX, e.offsetY); if (k >= 0) story.pick(k); });
  canvas.addEventListener("pointermove", (e) => {
    const k = map.storyAt(e.offsetX, e.offsetY), text = map.describe(e.offsetX, e.offsetY) || (k >= 0 ? state.start.stories[k].who + ": tap to follow" : "");
    canvas.classList.toggle("pointing", k >= 0);
    tip.hidden = !text;
    tip.textContent = text;
    const left = Math.min(e.offsetX + 14, map.w - tip.offsetWidth - 4);
    tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, e.offsetY - 34)}px)`;
  });
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
  let width = 0;
  new ResizeObserver(([e]) => { if (Math.abs(e.contentRect.width - width) > 2) { width = e.contentRect.width; paintCharts(); } }).observe($("chart-grid"));
}

/** Asks the engine; faults are told, a stop is silent. Returns whether it came to an end. */
async function ask(what, s, hand) {
  const stop = new AbortController();
  if (what !== "toml" && what !== "csv") state.stop = stop; // files wait their turn and are never stopped
  try {
    await state.engine.ask(what, s, (kind, v) => stop.signal.aborted || hand(kind, v), stop.signal); // what was on the way then is late
    return true;
  } catch (e) {
    if (stop.signal.aborted) return false;
    if (!(e instanceof Fault)) console.error(e);
    notice(e instanceof Fault ? e.message : "Something went wrong in the page: " + e.message);
    return false;
  } finally {
    if (state.stop === stop) {
      state.stop = null;
      if (what !== "map" && !$("map-wait").hidden) preview(); // it gave way to this
    }
  }
}

/** Stops whatever the engine does. */
function halt() { state.stop?.abort(); state.stop = null; }

/** Shows the place with its people before anything runs. */
async function preview() {
  halt();
  $("map-wait").textContent = "Loading the place …";
  $("map-wait").hidden = false;
  const s = settings();
  const ok = await ask("map", s, (kind, v) => {
    if (kind !== "map") return;
    state.place = v.map;
    map.place(v.map);
    map.show({dots: unpackDots(v.dots)});
    $("map-title").textContent = label(s.place);
    $("legend").replaceChildren(words("p", `${show(v.people, 0)} people, one dot each. Squares are practices, rings with H are hospitals. Press Run.`));
    describeMap(`Map of ${label(s.place)}: ${v.map.practices.length} practices and ${v.map.hospitals.filter((h) => !h.outside).length} hospitals, before the run.`);
    mapTable();
  });
  if (ok) $("map-wait").hidden = true;
  else if (!state.stop) $("map-wait").textContent = "The place could not be loaded."; // nor is anything else on its way
}

const label = (place) => state.catalogue.places.find((p) => p.name === place)?.label ?? place;

function words(tag, text, cls) {
  const e = document.createElement(tag);
  e.textContent = text;
  if (cls) e.className = cls;
  return e;
}

/** Begins a run, or goes on with one: until so many quarters from now. */
async function run(quarters) {
  notice("");
  const s = settings();
  const same = state.frames.length && (state.ended || state.flying) && JSON.stringify(state.settings) === JSON.stringify(s); // else it was cut off
  const ended = same && state.ended && state.at >= state.frames.length - 1;
  if (same && !ended) return play(quarters);
  if (same && ended && quarters !== Infinity) return;
  halt();
  if (state.ended) state.last = {series: state.series, title: title(state.settings, state.start), settings: state.settings};
  Object.assign(state, {frames: [], series: emptySeries(), at: 0, ended: false, flying: true, settings: s, shown: -1, ten: null, start: null});
  $("time").max = s.years * 4;
  $("time").disabled = false;
  $("news").replaceChildren();
  play(quarters);
  state.begun = performance.now();
  const ok = await ask("run", s, (kind, v) => {
    if (kind === "start") begin(v);
    else if (kind === "frame") take(v);
    else if (kind === "end") {
      state.ended = true;
      state.took = (performance.now() - state.begun) / 1000;
    }
  });
  if (state.settings !== s) return; // another has begun meanwhile
  state.flying = false;
  if (!ok && !state.ended) pause();
}

const emptySeries = () => Object.fromEntries(state.catalogue.headlines.map((h) => [h, []]));

function begin(v) {
  state.start = v;
  state.place = v.map;
  map.place(v.map);
  $("map-wait").hidden = true;
  $("map-title").textContent = `${v.system}, ${label(state.settings.place)}`;
  $("compare").textContent = state.last ? `Solid: this run. Dashed: the last one, ${state.last.title}.` : "Solid line: this run, the mean of the year so far; small dots: each quarter.";
  story.begin(v.stories);
}

function take(f) {
  f.dots = unpackDots(f.dots);
  state.frames.push(f);
  for (const h of state.catalogue.headlines) {
    const value = f.values?.all?.[h];
    if (value !== undefined) state.series[h].push(value);
  }
}

function play(quarters) {
  state.until = quarters === Infinity ? Infinity : Math.floor(state.at + 1e-6) + quarters;
  state.playing = true;
  buttons();
}

function pause() {
  state.playing = false;
  buttons();
}

function buttons() {
  $("run").querySelector(".text").textContent = state.playing ? "Pause" : "Run";
  $("run").querySelector(".glyph").textContent = state.playing ? "❚❚" : "▶";
}

function reset() {
  halt();
  if (state.ended) state.last = {series: state.series, title: title(state.settings, state.start), settings: state.settings};
  Object.assign(state, {frames: [], series: emptySeries(), at: 0, ended: false, flying: false, settings: null, shown: -1, ten: null, start: null, playing: false});
  $("time").value = 0;
  $("time").disabled = true;
  $("clock").textContent = "";
  $("news").replaceChildren();
  $("compare").textContent = $("pace").textContent = "";
  story.begin([]);
  paintCharts();
  buttons();
}

/** Says how fast the engine was and how often the map is drawn, from second to second while it moves. */
const pace = {since: 0, drawn: 0};
function sayPace(time) {
  if (time - pace.since < 1000) return;
  const often = Math.round((map.drawn - pace.drawn) * 1000 / (time - pace.since));
  const moving = state.playing && state.frames.length > 0; // a run that has just begun has none yet
  if (moving && pace.moving) {
    state.often = often;
    $("pace").textContent = `${show(state.frames[0].dots.n, 0)} dots, drawn ${often} times a second` +
      (state.ended ? `; ${state.settings.years} years took the engine ${show(state.took, 1)} seconds, the three years before them included.` : ".");
  }
  Object.assign(pace, {since: time, drawn: map.drawn, moving});
}

/** Draws as often as the screen does. */
let before = 0;
function loop() {
  requestAnimationFrame(function tick(time) {
    requestAnimationFrame(tick); // first: a fault in one picture must not be the last of all
    const passed = Math.min(.1, (time - before) / 1000);
    before = time;
    const ready = state.frames.length - 1;
    if (state.playing && ready >= 0) {
      const speed = +$("speed").value, goal = Math.min(state.until, state.settings.years * 4);
      state.at = Math.min(state.at + passed * speed, ready, goal);
      if (state.at >= goal) landed();
    }
    if (ready >= 0) {
      const k = Math.min(Math.floor(state.at + 1e-6), ready);
      if (k !== state.shown) showFrame(k);
      map.paint(state.at - k);
    }
    sayPace(time);
  });
}

/** The end of a run, or of a year that was asked for. */
function landed() {
  pause();
  const year = Math.round(state.at / 4);
  const text = state.catalogue.headlines.map((h) => document.querySelector(`#chart-${h} .says`).textContent).join(" ");
  say(`Year ${year} is over. ${text}`);
}

function showFrame(k) {
  const f = state.frames[k], years = state.settings.years;
  state.shown = k;
  map.show(f);
  $("time").value = k;
  const year = Math.floor((k - 1) / 4) + 1, season = ["spring", "summer", "autumn", "winter"][(k - 1) % 4];
  const when = k === 0 ? "The start" : `Year ${year} of ${years}, ${season}`;
  $("clock").textContent = when;
  $("time").setAttribute("aria-valuetext", when);
  legend(f);
  news(k);
  paintCharts();
  story.show(k);
  const busy = f.hospitals.filter((_, i) => !state.place.hospitals[i].outside).map((h) => h.load);
  describeMap(`Map of ${label(state.settings.place)}, ${when}. ${f.operators.filter((o) => o.open && o.people > 0).map((o) => `${o.name}: ${show(o.people, 0)} people`).join("; ") || "Nobody is in a system"}. Hospitals: ${Math.round(Math.min(...busy) * 100)} to ${Math.round(Math.max(...busy) * 100)} % of beds needed.`);
  if (k % 4 === 0) mapTable();
}

function describeMap(text) { $("map").setAttribute("aria-label", text); }

/** Who the colours stand for. */
function legend(f) {
  const kind = state.start.operator, box = $("legend"), list = document.createElement("ul");
  const shown = f.operators.map((o, k) => [o, k]).filter(([o]) => o.people > 0 || (o.open && kind === "system")).sort((a, b) => b[0].people - a[0].people).slice(0, 10).sort((a, b) => a[1] - b[1]);
  const rest = f.dots.n - shown.reduce((n, [o]) => n + o.people, 0);
  for (const [o, k] of shown) list.append(key(k, o.name + (o.open ? "" : " (gone)"), o.people));
  if (rest > 0) list.append(key(255, kind === "system" ? "in no system" : "not referred yet", rest));
  const head = {system: "People by their system", group: "People by the group that flew them last", trust: "People by the trust that last cared for them"}[kind];
  box.replaceChildren(words("p", head), list, words("p", "Strong colour: waiting for care. Black outline: in hospital. Yellow ring: a story to read. Squares are practices, filling with demand; rings with H are hospitals, filling with the beds that people need, red when full. Planes are referrals; red, dashed and crossed: the handover failed.", "fine"));
}

function key(k, name, people) {
  const li = document.createElement("li"), c = document.createElement("canvas"), ratio = Math.min(devicePixelRatio || 1, 3), size = 18;
  c.width = c.height = size * ratio;
  c.className = "key";
  c.setAttribute("aria-hidden", "true");
  const g = c.getContext("2d");
  g.scale(ratio, ratio);
  g.fillStyle = colourOf(k);
  shape(g, shapeOf(k), size / 2, size / 2, 6);
  g.fill();
  li.append(c, words("span", name), words("span", show(people, 0), "count"));
  return li;
}

/** News of the market up to a frame, the latest first. */
function news(k) {
  const items = [];
  for (let i = k; i >= 0 && items.length < 4; i--) for (const text of state.frames[i].events ?? []) if (items.length < 4) items.push(words("li", `Year ${Math.ceil(i / 4)}: ${text}`));
  $("news").replaceChildren(...items);
}

function table(head, rows, caption) {
  const t = document.createElement("table");
  t.append(words("caption", caption, "visually-hidden"));
  const tr = t.createTHead().insertRow();
  for (const h of head) { const th = words("th", h); th.scope = "col"; tr.append(th); }
  const body = t.createTBody();
  for (const row of rows) {
    const r = body.insertRow();
    row.forEach((cell, i) => { const c = words(i ? "td" : "th", cell); if (!i) c.scope = "row"; r.append(c); });
  }
  return t;
}

function mapTable() {
  const f = state.frames[state.shown];
  const percent = (x) => (x === undefined ? "–" : `${Math.round(x * 100)} %`);
  $("map-table").replaceChildren(
    table(["Hospital", "Beds", "Beds needed", "Weeks to a clinic"], state.place.hospitals.map((h, i) => [h.name + (h.outside ? " (outside)" : ""), show(h.size, 0), h.outside ? "–" : percent(f?.hospitals[i].load), f ? show(f.hospitals[i].delay, 1) : "–"]), "Hospitals"),
    table(["Practice", "Patients", "Appointments taken", "Days to one"], state.place.practices.map((p, i) => [p.name, show(p.size, 0), percent(f?.practices[i].load), f ? show(f.practices[i].delay, 1) : "–"]), "Practices"));
}

function paintCharts() {
  const c = state.catalogue;
  if (!c) return;
  const yearly = Object.fromEntries(c.measures.map((m) => [m.name, m.period === "year"]));
  const last = $("ghost").checked ? state.last?.series : null;
  for (const h of c.headlines) {
    const upTo = Math.max(0, yearly[h] ? Math.floor(state.shown / 4) : state.shown);
    draw($(`chart-${h}`), h, {run: state.series?.[h]?.slice(0, upTo), last: last?.[h], ten: state.ten?.map((r) => r[h]), years: (state.settings ?? state.last?.settings)?.years ?? +$("years").value, yearly: yearly[h]});
  }
  if (state.shown % 4 === 0) numbers();
}

/** Every measure of the run so far, by year. */
function numbers() {
  const years = Math.floor(Math.max(0, state.shown) / 4);
  if (!years) return $("all-numbers").replaceChildren(words("p", "Run first.", "hint"));
  const rows = state.catalogue.measures.map((m) => {
    const of = (y) => {
      const list = [1, 2, 3, 4].map((q) => state.frames[4 * (y - 1) + q]?.values?.all?.[m.name]).filter((v) => v !== undefined);
      return list.length ? list.reduce((a, b) => a + b, 0) / list.length : NaN;
    };
    const brief = (v) => (Number.isNaN(v) ? "–" : show(v, Math.abs(v) >= 100 ? 0 : Math.abs(v) >= 10 ? 1 : 2));
    return [m.title, brief(of(1)), brief(of(years)), m.unit];
  });
  $("all-numbers").replaceChildren(table(["Measure", "Year 1", `Year ${years}`, "Unit"], rows, "All numbers of this run"));
}

/** Ten runs with ten seeds, for a band. */
async function ten() {
  notice("");
  halt();
  const s = settings(10), button = $("ten");
  if (!state.settings) state.settings = settings();
  const band = state.ten = [];
  button.disabled = true;
  const ok = await ask("run", s, (kind, v) => {
    if (kind !== "series") return;
    band.push(v.values);
    button.textContent = `Run ${v.run} of ${s.runs} …`;
    paintCharts();
  });
  button.disabled = false;
  button.textContent = "Ten runs for a band";
  if (state.ten !== band) return; // another run has begun meanwhile
  if (!ok) {
    state.ten = null;
    paintCharts();
    return;
  }
  $("compare").textContent = `Band: the lowest and the highest of ten runs with seeds ${s.seed} to ${s.seed + 9}, and their middle; ${title(s)}.`;
  say("Ten runs are done. " + $("compare").textContent);
}

/** Checks the challenges. */
async function check() {
  notice("");
  halt();
  pause();
  $("check").disabled = true;
  $("check-state").textContent = "Taking off …";
  const s = settings();
  const ok = await ask("check", s, (kind, v) => {
    if (kind === "pair") $("check-state").textContent = `Pair ${v.pair} of ${v.of} has landed.`;
    if (kind === "verdict") verdict(v, s);
  });
  $("check").disabled = false;
  if (!ok && !$("check-state").textContent.startsWith("You")) $("check-state").textContent = "";
}

function verdict(v, s) {
  let met = 0;
  for (const c of v.challenges) {
    const p = document.querySelector(`#challenge-${c.id} .result`);
    p.textContent = `${c.met ? "✓ Met." : "✗ Not yet."} ${c.text}`;
    p.className = `result ${c.met ? "met" : "unmet"}`;
    if (c.met) met++;
  }
  $("check-state").textContent = `You met ${met} of ${v.challenges.length} with ${title(s)}.`;
  const digits = (d) => (Math.abs(d.before) >= 100 ? 0 : 2);
  $("check-table").hidden = false;
  $("check-table").replaceChildren(table(["Years 3 and after", "2010 rules", "Your rules", "Difference", "nine times in ten within", "Unit"],
    v.differences.map((d) => [d.title + (d.id.startsWith("rural") ? ", in the country" : d.id === "deprived" ? ", poorest fifth" : ""), show(d.before, digits(d)), show(d.after, digits(d)), show(d.mean, digits(d)), `${show(d.low, digits(d))} to ${show(d.high, digits(d))}`, d.unit]), "What the check found"));
}

/** Settings in a few words. */
function title(s, begun) {
  const system = begun?.system ?? state.catalogue.systems.find((x) => x.name === s.system).title, n = Object.keys(s.controls).length;
  return `${system} in ${label(s.place)}` + (n ? `, ${n} ${n === 1 ? "rule" : "rules"} changed` : "") + `, seed ${s.seed}`;
}

/** What a picture says. */
function headline() {
  const s = state.settings ?? settings();
  return {title: title(s, state.start), source: `Simulated with coexist ${state.catalogue.version}, ${show(s.people, 0)} people; not observed.`, data: state.catalogue.data, clock: $("clock").textContent};
}

function saved(text) { $("saved").textContent = text; }

async function copyLink() {
  const url = location.href.split("#")[0] + link(settings());
  history.replaceState(null, "", url);
  try {
    await navigator.clipboard.writeText(url);
    saved("The link is copied. Whoever opens it has the same settings and the same luck.");
  } catch {
    saved("This browser does not let pages copy. The link is in the address bar.");
  }
}

/** Hands a file to the browser. */
function give(name, type, parts) {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(new Blob(parts, {type}));
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}

/** Settings of what is on the page: with a band, of its ten runs. */
function flown() {
  const s = state.settings ?? settings();
  return state.ten?.length === 10 ? {...s, runs: 10} : s;
}

/** A file that the engine writes, in pieces; false if it could not. */
async function pieces(what, s) {
  const parts = [];
  return await ask(what, s, (kind, v) => {
    if (kind === "again") parts.length = 0;
    else if (kind === what) parts.push(v);
  }) && parts;
}

async function saveCSV() {
  notice("");
  saved("Writing the numbers …");
  const parts = await pieces("csv", flown());
  if (parts) give("outcomes.csv", "text/csv", parts);
  saved(parts ? "outcomes.csv holds every measure of every quarter and group: the same bytes as data/outcomes.csv of the command line." : "");
}

async function saveTOML() {
  notice("");
  const s = flown(), parts = await pieces("toml", s);
  if (!parts) return;
  give(`${s.system}.toml`, "application/toml", parts.map((f) => f.text));
  saved(`${s.system}.toml is saved. Its first lines have the command that gives the same numbers.`);
}

// For tests and the curious: what the page knows.
globalThis.coexistPage = {state, frames: () => map.drawn, path: () => map.path, settings};

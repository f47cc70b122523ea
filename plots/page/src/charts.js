// The four charts, drawn with Observable Plot.
import * as Plot from "@observablehq/plot";
import {charts} from "./words.js";

/** Colours of lines: this run, the last one. */
const now = "#12436d", before = "#6b7680", bandFill = "#28a197";

/** A number with so many digits and thousands apart; never minus nought. */
export const show = (v, digits) => v.toLocaleString("en-GB", {minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative"}).replace("-", "−");

/** Points of a measure in a run: [{year, value}], and the line through them, the mean of each year so far. */
export function points(values, yearly) {
  const raw = values.map((value, i) => ({year: yearly ? i + 1 : (i + 1) / 4, value}));
  if (yearly) return {raw: [], line: raw};
  const line = raw.map(({year}, i) => {
    const from = Math.max(0, i - 3), part = values.slice(from, i + 1);
    return {year, value: part.reduce((a, b) => a + b, 0) / part.length};
  });
  return {raw, line};
}

/** The level of a measure at the end of a run: the mean of its last year. */
export function level(values, yearly) {
  const part = values.slice(yearly ? -1 : -4);
  return part.reduce((a, b) => a + b, 0) / part.length;
}

/** The band of several runs: lowest, middle and highest at each time. */
function band(runs, yearly) {
  const lines = runs.map((r) => points(r, yearly).line);
  return lines[0].map((_, i) => {
    const at = lines.map((l) => l[i].value).sort((a, b) => a - b);
    return {year: lines[0][i].year, low: at[0], high: at.at(-1), mid: (at[(at.length - 1) >> 1] + at[at.length >> 1]) / 2};
  });
}

/**
 * Draws one chart into its figure. run, last: values by quarter so far, or by year if yearly; ten: values of
 * several runs; years: where the axis ends.
 */
export function draw(figure, name, {run, last, ten, years, yearly}) {
  const c = charts[name], marks = [], k = parseFloat(getComputedStyle(figure).fontSize) / 16;
  const all = [];
  const keep = (list) => { for (const p of list) all.push(p.value ?? p.low, p.value ?? p.high); return list; };
  if (ten?.length) {
    const b = keep(band(ten, yearly));
    marks.push(Plot.areaY(b, {x: "year", y1: "low", y2: "high", fill: bandFill, fillOpacity: .25}),
      Plot.lineY(b, {x: "year", y: "mid", stroke: "#1b7a72", strokeWidth: 1.5 * k}));
  }
  if (last?.length) {
    const l = keep(points(last, yearly).line);
    marks.push(Plot.lineY(l, {x: "year", y: "value", stroke: before, strokeWidth: 2 * k, strokeDasharray: "5,4"}));
    if (yearly && l.length < 2) marks.push(Plot.dot(l, {x: "year", y: "value", stroke: before}));
  }
  if (run?.length) {
    const {raw, line} = points(run, yearly);
    keep(line); keep(raw);
    marks.push(Plot.dot(raw, {x: "year", y: "value", r: 1.6 * k, fill: now, fillOpacity: .35}),
      Plot.lineY(line, {x: "year", y: "value", stroke: now, strokeWidth: 2.6 * k}),
      Plot.dot(line.slice(-1), {x: "year", y: "value", r: 4.5 * k, fill: now}));
  }
  let domain = all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
  const least = {effective_options: 1, quality_index: .6, cost_per_head: 40, handoff_failures_per_episode: 4}[name];
  const missing = least - (domain[1] - domain[0]);
  if (missing > 0) domain = [domain[0] - missing / 2, domain[1] + missing / 2];
  if (name === "effective_options" && domain[0] < 1) domain[0] = Math.min(1, ...all);
  const width = Math.max(220, figure.clientWidth), em = parseFloat(getComputedStyle(figure).fontSize);
  const plot = Plot.plot({
    width, height: Math.round(Math.max(em * 9.6, Math.min(em * 13, width * .34))), marginLeft: em * 3.1, marginRight: em * 1.5, marginTop: em * .6, marginBottom: em * 1.7,
    style: {fontSize: `${Math.round(em * .78)}px`},
    x: {domain: [0, years], label: null, ticks: Math.min(years, width < 300 ? 5 : 10), tickFormat: (d) => (d === years ? `year ${d}` : `${d}`), tickSize: 3},
    y: {domain, nice: true, label: null, ticks: 4, grid: true, tickSize: 0, tickFormat: (d) => show(d, domain[1] - domain[0] < 6 ? 1 : 0)},
    marks: [...(name === "quality_index" && domain[0] < 0 && domain[1] > 0 ? [Plot.ruleY([0], {stroke: "#8c8c8c"})] : []), ...marks],
  });
  for (const s of plot.querySelectorAll("style")) s.remove(); // the page's own style sheet has it: no inline styles
  plot.setAttribute("aria-hidden", "true");
  plot.removeAttribute("role"); plot.removeAttribute("aria-label");
  figure.querySelector(".plot").replaceChildren(plot);
  const value = run?.length ? level(run, yearly) : ten?.length ? band(ten, yearly).at(-1).mid : null;
  figure.querySelector(".value").textContent = value === null ? "–" : show(value, c.digits);
  const was = last?.length && run?.length ? level(last, yearly) : null;
  figure.querySelector(".change").textContent = was === null ? "" : `${value >= was ? "+" : "−"}${show(Math.abs(value - was), c.digits)} against the last run`;
  figure.querySelector(".says").textContent = value === null ? `${c.title}: nothing yet.` : `${c.title}, ${c.unit}: ${show(value, c.digits)} in the latest year` +
    (was === null ? "." : `, ${show(was, c.digits)} in the last run.`) + (ten?.length ? ` Over ${ten.length} runs from ${show(band(ten, yearly).at(-1).low, c.digits)} to ${show(band(ten, yearly).at(-1).high, c.digits)} at the end.` : "");
}

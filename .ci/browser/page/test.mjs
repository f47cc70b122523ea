// Drives the students' page in a real Chromium, in both deliveries, and holds it to the command line.
//
//   COEXIST=/path/to/coexist node test.mjs [FOLDER FOR SCREENSHOTS]
import assert from "node:assert/strict";
import {execFileSync, spawn} from "node:child_process";
import {createServer} from "node:http";
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import path from "node:path";
import {gzipSync} from "node:zlib";
import {chromium} from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const coexist = process.env.COEXIST ?? "coexist", shots = process.argv[2];
const tmp = mkdtempSync(path.join(tmpdir(), "coexist-page-"));
if (shots) mkdirSync(shots, {recursive: true});

/** Starts `coexist serve` on a free port. */
async function serve() {
  const child = spawn(coexist, ["serve", "--listen", "127.0.0.1:0"], {stdio: ["ignore", "pipe", "inherit"]});
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (d) => resolve(String(d).trim()));
    child.once("exit", (code) => reject(new Error(`coexist serve ended with ${code}`)));
  });
  return {url, close: () => child.kill("SIGINT")};
}

/** Serves the static site from a plain file server that knows nothing of packing. */
async function site() {
  const dir = path.join(tmp, "site");
  execFileSync(coexist, ["site", dir], {stdio: "inherit", cwd: process.env.SOURCE});
  const types = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"};
  const server = createServer((q, a) => {
    const name = path.normalize(decodeURI(q.url.split("?")[0])).replace(/^\/$/, "/index.html");
    try {
      const body = readFileSync(path.join(dir, name));
      a.writeHead(200, {"Content-Type": types[path.extname(name)] ?? "application/octet-stream"}).end(body);
    } catch {
      a.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close()};
}

/** Opens a page that fails the test on any error, and on any request to another host. */
async function open(browser, url, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 800}, acceptDownloads: true, ...options});
  const page = await context.newPage(), wrong = [], own = new URL(url).host, log = {bytes: 0, requests: 0};
  page.on("console", (m) => { if (["error", "warning"].includes(m.type()) && !/\b(400|503)\b/.test(m.text())) wrong.push(m.text()); });
  page.on("pageerror", (e) => wrong.push(e.stack));
  page.on("request", (r) => {
    const u = new URL(r.url());
    if (u.protocol.startsWith("http") && u.host !== own) wrong.push(`a request to ${u.host}`);
  });
  page.on("response", async (r) => {
    if (!r.url().startsWith("http")) return;
    const body = await r.body().catch(() => null);
    if (body) { log.bytes += gzipSync(body).length; log.requests++; } // as a web server packs it
  });
  await page.goto(url);
  await page.waitForFunction(() => document.getElementById("map-wait").hidden, null, {timeout: 120_000});
  return {page, log, check: () => assert.deepEqual(wrong, []), close: () => context.close()};
}

/** Runs to the end as fast as the screen allows. */
async function run(page) {
  await page.selectOption("#speed", "1000");
  const took = await page.evaluate(() => new Promise((resolve) => {
    const from = performance.now();
    document.getElementById("run").click();
    const wait = () => (coexistPage.state.ended && coexistPage.state.shown === coexistPage.state.settings.years * 4 ? resolve(performance.now() - from) : setTimeout(wait, 5));
    setTimeout(wait, 5);
  }));
  return took / 1000;
}

/** Presses Tab until an element has the focus. */
async function tabTo(page, id) {
  for (let i = 0; i < 200; i++) {
    if (await page.evaluate((x) => document.activeElement?.id === x, id)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`#${id} cannot be reached by the Tab key`);
}

/** Clicks and returns the file that comes of it. */
async function file(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download", {timeout: 120_000}), page.click(button)]);
  return {name: download.suggestedFilename(), bytes: readFileSync(await download.path())};
}

/** Fails on any violation of WCAG 2.2 A and AA that axe-core finds. */
async function accessible(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}));
  assert.deepEqual(found.violations.map((v) => `${what}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).slice(0, 3).join(" | ")}`), []);
}

/** The mean of the last year of a measure in outcomes.csv. */
function lastYear(csv, measure, years) {
  const rows = csv.toString().split("\n").filter((l) => l.includes(`,all,${measure},`)).map((l) => l.match(/,(\d+),all,.*,([^,]+)$/));
  const last = rows.filter((m) => +m[1] > 4 * (years - 1)).map((m) => +m[2]);
  return last.reduce((a, b) => a + b, 0) / last.length;
}

/** Runs the saved scenario file by the command in its first lines; returns its outcomes. */
function commandLine(toml) {
  const text = toml.bytes.toString(), line = text.split("\n").find((l) => l.startsWith("#   coexist run "));
  const words = [...line.slice(4).matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2]);
  const dir = mkdtempSync(path.join(tmp, "cli-"));
  writeFileSync(path.join(dir, toml.name), toml.bytes);
  execFileSync(coexist, [...words.slice(1), "--out", "result", "--progress", "none"], {cwd: dir, stdio: ["ignore", "ignore", "inherit"]});
  return readFileSync(path.join(dir, "result", "data", "outcomes.csv"));
}

async function delivery(browser, name, url) {
  let p = await open(browser, url);
  const {page} = p;
  const before = p.log.bytes, paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  console.log(`${name}: first paint ${Math.round(paint)} ms; before the first run ${p.log.requests} requests, ${(before / 1e6).toFixed(2)} MB packed`);
  if (name === "site") assert.ok(before < 2e6, `${before} bytes before the first run, want less than 2 MB`);
  await accessible(page, `${name}, before a run`);

  // By keyboard alone: a slider, a choice, and Run.
  await tabTo(page, "q-loyalty");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("#q-loyalty").getAttribute("aria-valuetext"), "Very");
  await page.focus('input[name="q-entry"]:checked');
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await page.evaluate(() => coexistPage.settings().controls), {entry: "doctors", loyalty: "3"});
  await page.selectOption("#speed", "1000");
  await page.focus("#system");
  await tabTo(page, "run");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => coexistPage.state.ended && coexistPage.state.shown === 40, null, {timeout: 120_000});
  assert.match(await page.textContent("#clock"), /Year 10 of 10/);

  // The files, and the same numbers by the command line, to the byte.
  const toml = await file(page, "#toml"), csv = await file(page, "#csv"), want = commandLine(toml);
  assert.ok(csv.bytes.equals(want), `${name}: outcomes.csv of the page differs from that of the command line`);
  for (const [m, digits] of [["effective_options", 2], ["quality_index", 2], ["cost_per_head", 0], ["handoff_failures_per_episode", 1]]) {
    const shown = await page.textContent(`#chart-${m} .value`);
    assert.equal(shown, lastYear(want, m, 10).toLocaleString("en-GB", {minimumFractionDigits: digits, maximumFractionDigits: digits}), m);
  }
  const png = await file(page, "#picture");
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  assert.ok(png.bytes.length > 50_000, "the picture is nearly empty");
  if (shots) writeFileSync(path.join(shots, `${name}-picture.png`), png.bytes);

  // A story, the glossary, and what a screen reader is told.
  await page.selectOption("#who", "0");
  assert.ok((await page.locator("#story-steps li").count()) > 5, "the story has hardly a step");
  await page.click("#open-glossary");
  await accessible(page, `${name}, glossary open`);
  await page.keyboard.press("Escape");
  assert.match(await page.textContent("#live"), /Year 10 is over\. Choice, effective options/);
  await accessible(page, `${name}, after a run`);

  // The next run: ghost lines; how long it takes; ten runs; a check.
  await page.click("#as-is");
  console.log(`${name}: 5,000 people for 10 years in ${(await run(page)).toFixed(1)} s`);
  assert.match(await page.textContent("#compare"), /Dashed: the last one/);
  assert.ok((await page.locator('#chart-cost_per_head svg [stroke-dasharray="5,4"]').count()) === 1, "no ghost line");
  await page.click("#ten");
  await page.waitForFunction(() => document.getElementById("compare").textContent.startsWith("Band"), null, {timeout: 300_000});
  assert.equal(await page.evaluate(() => coexistPage.state.ten.length), 10);
  await page.click("#check");
  await page.waitForFunction(() => document.getElementById("check-state").textContent.startsWith("You met"), null, {timeout: 300_000});
  await accessible(page, `${name}, after a check`);

  // The link: another browser has the same settings and the same numbers.
  await page.focus("#q-travel");
  await page.keyboard.press("Home");
  const link = page.url();
  assert.match(link, /#place=.*travel=0/);
  p.check();
  await p.close();
  p = await open(browser, link);
  assert.deepEqual(await p.page.evaluate(() => coexistPage.settings().controls), {travel: "0"});
  await run(p.page);
  const value = await p.page.textContent("#chart-cost_per_head .value");
  await p.page.click("#reset");
  await run(p.page);
  assert.equal(await p.page.textContent("#chart-cost_per_head .value"), value, "the same link gave other numbers");

  // A year at a time, and back in time.
  await p.page.click("#reset");
  await p.page.click("#step");
  await p.page.waitForFunction(() => coexistPage.state.shown === 4 && !coexistPage.state.playing, null, {timeout: 120_000});
  await p.page.waitForFunction(() => coexistPage.state.ended, null, {timeout: 120_000});
  await p.page.focus("#time");
  await p.page.keyboard.press("Home");
  await p.page.waitForFunction(() => coexistPage.state.shown === 0);

  // Frames a second with 5,000 dots and flights.
  await p.page.selectOption("#speed", "1");
  await p.page.click("#run");
  const drawn = await p.page.evaluate(async () => {
    const from = coexistPage.frames(), t = performance.now();
    await new Promise((r) => setTimeout(r, 3000));
    return (coexistPage.frames() - from) / (performance.now() - t) * 1000;
  });
  console.log(`${name}: ${drawn.toFixed(0)} frames a second with ${await p.page.evaluate(() => coexistPage.state.frames[0].dots.n)} dots`);
  p.check();
  await p.close();

  // A link that asks for what is not here says so.
  p = await open(browser, url + "#place=Atlantis&system=airline&loyalty=9&seed=7");
  assert.match(await p.page.textContent("#notice"), /asks for what is not here: place “Atlantis”, loyalty “9”/);
  assert.equal(await p.page.inputValue("#seed"), "7");
  p.check();
  await p.close();
}

/** A real place by the static site, which fetches its tables when it is chosen. */
async function realPlace(browser, url) {
  const p = await open(browser, url + "#place=Devon&system=airline&people=2000&years=5&seed=3");
  await run(p.page);
  const toml = await file(p.page, "#toml"), csv = await file(p.page, "#csv");
  assert.ok(csv.bytes.equals(commandLine(toml)), "Devon: outcomes.csv of the page differs from that of the command line");
  p.check();
  await p.close();
}

/** Widths from phone to wall; nothing may stick out to the side. */
async function widths(browser, url) {
  for (const [w, h] of [[360, 780], [1280, 800], [3840, 2160]]) {
    const p = await open(browser, url, {viewport: {width: w, height: h}});
    await run(p.page);
    await p.page.selectOption("#who", "0");
    assert.ok(await p.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `at ${w} px the page sticks out to the side`);
    await accessible(p.page, `${w} px`);
    if (shots) await p.page.screenshot({path: path.join(shots, `page-${w}.png`), fullPage: true});
    p.check();
    await p.close();
  }
}

/** Who asked for less motion sees no flights move, and the map still changes from quarter to quarter. */
async function calm(browser, url) {
  const p = await open(browser, url, {reducedMotion: "reduce"});
  await run(p.page);
  await p.page.evaluate(() => { const t = document.getElementById("time"); t.value = 8; t.dispatchEvent(new Event("input")); });
  await p.page.waitForFunction(() => coexistPage.state.shown === 8);
  const same = await p.page.evaluate(async () => {
    const c = document.getElementById("map"), look = () => c.toDataURL();
    coexistPage.state.at = 8.2;
    await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
    const a = look();
    coexistPage.state.at = 8.7;
    await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
    return a === look();
  });
  assert.ok(same, "with reduced motion, something moves on the map");
  p.check();
  await p.close();
}

const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: process.getuid?.() === 0 ? ["--no-sandbox"] : []});
const ends = [];
try {
  const native = await serve();
  ends.push(native.close);
  await delivery(browser, "serve", native.url);
  await widths(browser, native.url);
  await calm(browser, native.url);
  const folder = await site();
  ends.push(folder.close);
  await delivery(browser, "site", folder.url);
  await realPlace(browser, folder.url);
  console.log("the page: all well");
} finally {
  await browser.close();
  for (const end of ends) end();
  rmSync(tmp, {recursive: true, force: true});
}

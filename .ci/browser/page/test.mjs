// Drives the students' page in a real Chromium, in both deliveries, and holds it to the command line.
//
//   COEXIST=/path/to/coexist node test.mjs [FOLDER FOR SCREENSHOTS]
import assert from "node:assert/strict";
import {execFileSync, spawn} from "node:child_process";
import {createServer} from "node:http";
import {mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync} from "node:fs";
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

/** Where the static site lies on its web server: below the root, as a school's may. */
const below = "/teaching/coexist/";

/** Serves the static site from a plain file server that knows nothing of packing. */
async function site() {
  const dir = path.join(tmp, "site");
  execFileSync(coexist, ["site", dir], {stdio: "inherit", cwd: process.env.SOURCE});
  const types = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"};
  const server = createServer((q, a) => {
    const asked = path.normalize(decodeURI(q.url.split("?")[0])), name = asked === below ? "index.html" : asked.slice(below.length);
    try {
      if (!asked.startsWith(below)) throw new Error(`a request beside the site: ${asked}`);
      const body = readFileSync(path.join(dir, name));
      a.writeHead(200, {"Content-Type": types[path.extname(name)] ?? "application/octet-stream"}).end(body);
    } catch {
      a.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sizes = readdirSync(path.join(dir, "places")).map((f) => statSync(path.join(dir, "places", f)).size);
  console.log(`site: ${sizes.length} places of ${(sizes.reduce((a, b) => a + b) / sizes.length / 1e3).toFixed(0)} kB on average, the largest ${(Math.max(...sizes) / 1e3).toFixed(0)} kB`);
  assert.ok(Math.max(...sizes) < 50_000, "a place is larger than 50 kB");
  const first = ["index.html", "style.css", "icon.svg", "app.js", "catalogue.json", "worker.js", "wasm_exec.js", "coexist.wasm.gz", "places/town-and-country.place.gz"];
  const packed = (f, text = readFileSync(path.join(dir, f))) => (f.endsWith(".gz") ? text : gzipSync(text)).length; // as a web server packs it
  const bytes = first.reduce((sum, f) => sum + packed(f), 0);
  console.log(`site: ${(bytes / 1e6).toFixed(2)} MB packed before the first run`);
  assert.ok(bytes < 2e6, `${bytes} bytes before the first run, want less than 2 MB`);
  return {url: `http://127.0.0.1:${server.address().port}${below}`, close: () => server.close()};
}

/** Opens a page that fails the test on any error, and on any request to another host. */
async function open(browser, url, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 800}, acceptDownloads: true, ...options});
  await context.addInitScript(axe);
  const page = await context.newPage(), wrong = [], own = new URL(url).host;
  page.on("console", (m) => { if (["error", "warning"].includes(m.type()) && !/\b(400|503)\b/.test(m.text())) wrong.push(m.text()); });
  page.on("pageerror", (e) => wrong.push(e.stack));
  page.on("request", (r) => {
    const u = new URL(r.url());
    if (u.protocol.startsWith("http") && u.host !== own) wrong.push(`a request to ${u.host}`);
  });
  await page.goto(url);
  await until(page, () => document.getElementById("map-wait").hidden, 120_000);
  return {page, check: () => assert.deepEqual(wrong, []), close: () => context.close()};
}

/** Waits until something holds on the page (waitForFunction needs eval, which the page's policy forbids). */
async function until(page, holds, timeout = 30_000) {
  for (const end = Date.now() + timeout; !(await page.evaluate(holds));) {
    if (Date.now() > end) assert.fail(`still not so after ${timeout / 1000} s: ${holds}`);
    await new Promise((r) => setTimeout(r, 20));
  }
}

/** Presses what it is told, Run at last, and waits until the run has been shown to its end; returns the seconds. */
async function run(page, ...first) {
  await page.selectOption("#speed", "1000");
  const took = await page.evaluate((presses) => new Promise((resolve, reject) => {
    const from = performance.now(), {state} = coexistPage;
    for (const id of presses) document.getElementById(id).click();
    (function wait() {
      const passed = performance.now() - from;
      if (state.ended && state.shown === state.settings.years * 4) resolve(passed);
      else if (passed > 120_000) reject(new Error(`no end after 120 s: ${JSON.stringify({...state, catalogue: 0, place: 0, start: !!state.start, frames: state.frames.length, series: 0, last: 0})}`));
      else setTimeout(wait, 5);
    })();
  }), [...first, "run"]);
  return took / 1000;
}

/** Seconds of processor time that the browser has used, whatever else the machine did meanwhile. */
async function processor(browser) {
  const session = await browser.newBrowserCDPSession(), {processInfo} = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter((p) => p.type === "renderer").reduce((sum, p) => sum + p.cpuTime, 0);
}

/** Presses Tab until an element has the focus. */
async function tabTo(page, id) {
  for (let i = 0; i < 200; i++) {
    if (await page.evaluate((x) => document.activeElement?.id === x, id)) {
      const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.equal(ring, "solid", `#${id} has the focus, but nothing shows it`);
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`#${id} cannot be reached by the Tab key`);
}

/** Clicks, and whatever else in the same breath, and returns the file that comes of it. */
async function file(page, ...buttons) {
  const [download] = await Promise.all([page.waitForEvent("download", {timeout: 120_000}), page.evaluate((ids) => ids.forEach((id) => document.querySelector(id).click()), buttons)]);
  return {name: download.suggestedFilename(), bytes: readFileSync(await download.path())};
}

/** Fails on any violation of WCAG 2.2 A and AA that axe-core finds. */
async function accessible(page, what) {
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
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  console.log(`${name}: first paint ${Math.round(paint)} ms`);
  assert.ok(paint < 3000, `first paint after ${paint} ms, want less than 1000 on an idle machine`);
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
  await until(page, () => coexistPage.state.ended && coexistPage.state.shown === 40, 120_000);
  assert.match(await page.textContent("#clock"), /Year 10 of 10/);

  // The files, and the same numbers by the command line, to the byte.
  const toml = await file(page, "#toml"), csv = await file(page, "#csv"), want = commandLine(toml);
  assert.ok(csv.bytes.equals(want), `${name}: outcomes.csv of the page differs from that of the command line`);
  for (const [m, digits] of [["effective_options", 2], ["quality_index", 2], ["cost_per_head", 0], ["handoff_failures_per_episode", 1]]) {
    const shown = await page.textContent(`#chart-${m} .value`);
    assert.equal(shown.replace("−", "-"), lastYear(want, m, 10).toLocaleString("en-GB", {minimumFractionDigits: digits, maximumFractionDigits: digits}), m);
  }
  const png = await file(page, "#picture");
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  assert.ok(png.bytes.length > 50_000, "the picture is nearly empty");
  if (shots) writeFileSync(path.join(shots, `${name}-picture.png`), png.bytes);

  // A story, the glossary, and what a screen reader is told.
  await page.click("#another"); // somebody who has flown
  assert.match(await page.textContent("#who option:checked"), /\(\d+ flights?\)/);
  assert.ok((await page.locator("#story-steps li").count()) > 5, "the story has hardly a step");
  assert.ok((await page.locator("#story-steps .step-referred").count()) > 0, "the story of somebody who has flown has no flight");
  assert.ok(await page.evaluate(() => coexistPage.path().length) > 0, "no flight of theirs is on the map");
  await page.click("#open-glossary");
  await accessible(page, `${name}, glossary open`);
  await page.keyboard.press("Escape");
  assert.match(await page.textContent("#live"), /Year 10 is over\. Choice, effective options/);
  await accessible(page, `${name}, after a run`);

  // The next run: ghost lines; how long it takes; ten runs; a check.
  await page.click("#as-is");
  const used = await processor(browser), took = await run(page), busy = await processor(browser) - used;
  console.log(`${name}: 5,000 people for 10 years in ${took.toFixed(1)} s, of which the browser's processors worked ${busy.toFixed(1)} s`);
  assert.ok(busy < 6, `${busy} s of work for 5,000 people and 10 years: engine, map and charts, want less than 3 s on the clock`);
  assert.match(await page.textContent("#compare"), /Dashed: the last one/);
  assert.ok((await page.locator('#chart-cost_per_head svg [stroke-dasharray="5,4"]').count()) === 1, "no ghost line");
  await page.click("#ten");
  await until(page, () => document.getElementById("compare").textContent.startsWith("Band"), 300_000);
  assert.equal(await page.evaluate(() => coexistPage.state.ten.length), 10);
  await page.click("#check");
  await until(page, () => document.getElementById("check-state").textContent.startsWith("You met"), 300_000);
  await accessible(page, `${name}, after a check`);

  // The link: another browser has the same settings and the same numbers.
  await page.focus("#q-travel");
  await page.keyboard.press("Home");
  await until(page, () => /#place=.*travel=0/.test(location.hash));
  const link = await page.evaluate(() => location.href);
  p.check();
  await p.close();
  p = await open(browser, link);
  assert.deepEqual(await p.page.evaluate(() => coexistPage.settings().controls), {travel: "0"});
  await run(p.page);
  const value = await p.page.textContent("#chart-cost_per_head .value");
  await run(p.page, "reset", "run", "reset"); // in one breath
  assert.equal(await p.page.textContent("#chart-cost_per_head .value"), value, "the same link gave other numbers");
  const whole = await file(p.page, "#csv"), beside = await file(p.page, "#reset", "#run", "#csv", "#reset"); // a run that is stopped takes no file with it
  assert.ok(beside.bytes.equals(whole.bytes), "the numbers saved while a run was stopped are others");

  // A year at a time, and back in time.
  await p.page.click("#reset");
  await p.page.click("#step");
  await until(p.page, () => coexistPage.state.shown === 4 && !coexistPage.state.playing, 120_000);
  await until(p.page, () => coexistPage.state.ended, 120_000);
  await p.page.focus("#time");
  await p.page.keyboard.press("Home");
  await until(p.page, () => coexistPage.state.shown === 0);

  // Frames a second with 5,000 dots and flights.
  await p.page.selectOption("#speed", "1");
  await p.page.click("#run");
  const drawn = await p.page.evaluate(async () => {
    const from = coexistPage.frames(), t = performance.now();
    await new Promise((r) => setTimeout(r, 3000));
    return (coexistPage.frames() - from) / (performance.now() - t) * 1000;
  });
  assert.match(await p.page.textContent("#pace"), /^[45],\d{3} dots, drawn \d+ times a second/);
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

/** The same settings give the same answers by both deliveries, value by value: frames, stories and all. */
async function same(browser, native, folder) {
  const hash = "#place=Cornwall and the Isles of Scilly&system=airline&people=2000&years=5&seed=5";
  const taken = [];
  for (const url of [native, folder]) {
    const p = await open(browser, url + hash);
    await run(p.page);
    taken.push(await p.page.evaluate(() => JSON.stringify({start: coexistPage.state.start, frames: coexistPage.state.frames.map((f) => ({...f, dots: Object.values(f.dots).map(String)}))})));
    p.check();
    await p.close();
  }
  const [a, b] = taken.map(JSON.parse);
  assert.equal(a.frames.length, 21);
  assert.deepEqual(b, a);
}

/** What a page does whose engine is slow, or asked for other things meanwhile. */
async function patient(browser, url) {
  const p = await open(browser, url + "#people=2000&years=5");
  await p.page.selectOption("#speed", "1");
  await p.page.click("#run");
  await until(p.page, () => document.getElementById("pace").textContent !== "");
  await p.page.route("**/ask/*", async (r) => { await new Promise((f) => setTimeout(f, 2500)); await r.continue().catch(() => {}); });
  await run(p.page, "reset"); // seconds pass before its first frame
  await p.page.click("#reset");
  await p.page.click("#ten"); // while the place is being loaded: it comes after them
  await until(p.page, () => document.getElementById("compare").textContent.startsWith("Band"), 300_000);
  await until(p.page, () => document.getElementById("map-wait").hidden, 60_000);
  p.check();
  await p.close();
}

/** When the server has gone, or is full, the page says so in plain words. */
async function gone(browser, url) {
  const p = await open(browser, url);
  await p.page.route("**/ask/**", (r) => r.fulfill({status: 503, body: "20 runs are in the air already; try again in a few seconds\n"}));
  await p.page.click("#run");
  await until(p.page, () => /already; try again in a few seconds\.$/.test(document.getElementById("notice").textContent));
  await accessible(p.page, "a full server");
  await p.page.unroute("**/ask/**");
  await p.page.route("**/ask/**", (r) => r.abort());
  await p.page.click("#reset");
  await until(p.page, () => document.getElementById("notice").textContent.startsWith("The server does not answer"));
  await p.close(); // the browser logs the request that failed, so no check of the log
}

/** Widths from phone to wall; nothing may stick out to the side. */
async function widths(browser, url) {
  for (const [w, h, scale] of [[360, 780, 1], [640, 400, 2], [1280, 800, 1], [3840, 2160, 1]]) { // 640: 1280 at twice the size
    const p = await open(browser, url, {viewport: {width: w, height: h}, deviceScaleFactor: scale});
    await run(p.page);
    await p.page.selectOption("#who", "0");
    assert.ok(await p.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `at ${w} px the page sticks out to the side`);
    await accessible(p.page, `${w} px`);
    if (shots) await p.page.screenshot({path: path.join(shots, `page-${w}.png`), fullPage: true});
    p.check();
    await p.close();
  }
}

/** Who asked for less motion sees nothing move on the map within a quarter. */
async function calm(browser, url) {
  const p = await open(browser, url, {reducedMotion: "reduce"});
  await run(p.page);
  await p.page.evaluate(() => { const t = document.getElementById("time"); t.value = 8; t.dispatchEvent(new Event("input")); });
  await until(p.page, () => coexistPage.state.shown === 8);
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
  await patient(browser, native.url);
  await gone(browser, native.url);
  const folder = await site();
  ends.push(folder.close);
  await delivery(browser, "site", folder.url);
  await realPlace(browser, folder.url);
  await same(browser, native.url, folder.url);
  console.log("the page: all well");
} finally {
  await browser.close();
  for (const end of ends) end();
  rmSync(tmp, {recursive: true, force: true});
}

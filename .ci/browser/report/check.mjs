// Opens a report in headless Chromium and fails on what a reader would stumble over.
// node check.mjs REPORT FOLDER [FOLDER OF FIGURES ...]
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const [report, folder, ...pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const page = pathToFileURL(report).href;
const faults = [];
const check = (ok, text) => { if (!ok) faults.push(text); };

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  timeout: 180000, protocolTimeout: 600000, // ms: a busy machine may need minutes for what takes seconds
});
try {
  for (const [name, width, height] of [['phone', 360, 780], ['desk', 1280, 900]]) {
    const tab = await browser.newPage();
    tab.setDefaultTimeout(180000);
    const asked = [];
    tab.on('request', (r) => { if (r.url() !== page && !r.url().startsWith('data:')) asked.push(r.url()); });
    tab.on('console', (m) => { if (m.type() === 'error') faults.push(`${name}: console: ${m.text()}`); });
    await tab.setViewport({ width, height, deviceScaleFactor: name === 'phone' ? 2 : 1 });
    await tab.setOfflineMode(true);
    await tab.setJavaScriptEnabled(false);
    await tab.goto(page, { waitUntil: 'load' });
    await tab.screenshot({ path: join(folder, `report-${name}-top.png`) });
    await tab.setJavaScriptEnabled(true); // for the measurements below alone
    await tab.goto(page, { waitUntil: 'load' });
    const seen = await tab.evaluate(() => {
      const wide = [...document.querySelectorAll('body *')].filter((e) => !e.closest('.scroll') && !e.closest('details:not([open])') && !e.matches('.skip')
        && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((e) => e.tagName + ' ' + e.textContent.slice(0, 40));
      return {
        sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        wide, scripts: document.scripts.length, figures: document.querySelectorAll('figure svg').length,
        unnamed: [...document.querySelectorAll('figure svg')].filter((s) => !s.querySelector('title')?.textContent || !s.querySelector('desc')?.textContent).length,
        headings: [...document.querySelectorAll('h2')].length,
      };
    });
    check(asked.length === 0, `${name}: asks for ${asked.join(', ')}`);
    check(seen.scripts === 0, `${name}: ${seen.scripts} scripts`);
    check(seen.sideways <= 1, `${name}: scrolls ${seen.sideways} px sideways: ${seen.wide.slice(0, 5).join('; ')}`);
    check(seen.figures > 5, `${name}: ${seen.figures} figures`);
    check(seen.unnamed === 0, `${name}: ${seen.unnamed} figures without title or description`);
    // Every table of data open, so that all of it is checked.
    await tab.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    await tab.evaluate(axe);
    const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    for (const v of found.violations) {
      const text = `${name}: axe: ${v.impact}: ${v.id}: ${v.help} (${v.nodes.length} times, such as ${v.nodes[0].html.slice(0, 120)})`;
      if (v.impact === 'serious' || v.impact === 'critical') faults.push(text);
      else console.log(text);
    }
    console.log(`${name}: ${seen.figures} figures, ${seen.headings} sections, axe passed over ${found.violations.length} findings`);
    await tab.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = false; }));
    await tab.screenshot({ path: join(folder, `report-${name}.png`), fullPage: true });
    if (name === 'desk') {
      writeFileSync(join(folder, 'report.pdf'), await tab.pdf({ preferCSSPageSize: true, printBackground: true, timeout: 600000 }));
      const size = statSync(join(folder, 'report.pdf')).size;
      check(size > 50_000, `print: PDF of ${size} bytes`);
      console.log(`print: ${size} bytes`);
    }
    await tab.close();
  }
  // Each figure by itself: a picture of the size that it says, named, without script, with all of its text inside.
  const tab = await browser.newPage();
  tab.setDefaultTimeout(180000);
  let figures = 0;
  for (const dir of pictures) {
    for (const name of readdirSync(dir).filter((n) => n.endsWith('.svg'))) {
      const file = join(dir, name);
      await tab.goto(pathToFileURL(file).href, { waitUntil: 'load' });
      const seen = await tab.evaluate(() => {
        const root = document.documentElement;
        const paper = root.getBoundingClientRect();
        const slack = 0.01 * paper.width; // another font than the one that was measured
        const texts = [...document.querySelectorAll('text')];
        return {
          svg: root.tagName === 'svg' && !document.querySelector('parsererror'),
          named: Boolean(root.querySelector('title')?.textContent && root.querySelector('desc')?.textContent),
          scripts: document.querySelectorAll('script, foreignObject, image[href^="http"]').length,
          texts: texts.length, paper: [paper.width, paper.height],
          cut: texts.filter((t) => {
            const b = t.getBoundingClientRect();
            return b.left < paper.left - slack || b.right > paper.right + slack || b.top < paper.top - slack || b.bottom > paper.bottom + slack;
          }).map((t) => t.textContent),
        };
      });
      check(seen.svg, `${file}: no SVG`);
      check(seen.named, `${file}: without title or description`);
      check(seen.scripts === 0, `${file}: ${seen.scripts} scripts or foreign parts`);
      check(seen.texts > 4 && seen.paper[0] > 300 && seen.paper[1] > 150, `${file}: ${seen.texts} texts on ${seen.paper.join(' x ')}`);
      check(seen.cut.length === 0, `${file}: cut: ${seen.cut.slice(0, 3).join('; ')}`);
      figures++;
    }
  }
  console.log(`figures: ${figures} opened one by one`);
  check(pictures.length === 0 || figures > 20, `${figures} figures in ${pictures.join(', ')}`);
} finally {
  await browser.close();
}
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log('report: fit to be read');

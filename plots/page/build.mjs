// Builds dist from src: one script, one style sheet, the page, the worker, and the licences of what is
// bundled. The same input gives the same bytes, so that CI can build it again and compare.
import {build} from "esbuild";
import {cp, mkdir, readFile, readdir, rm, writeFile} from "node:fs/promises";
import path from "node:path";

const out = "dist";
await rm(out, {recursive: true, force: true});
await mkdir(out);

const common = {bundle: true, minify: true, target: ["es2022"], charset: "utf8", legalComments: "none", logLevel: "warning"};
const {metafile} = await build({
  ...common, entryPoints: ["src/app.js"], format: "esm", outfile: `${out}/app.js`, metafile: true,
});
await build({...common, entryPoints: ["src/worker.js"], format: "iife", outfile: `${out}/worker.js`});
await build({...common, entryPoints: ["src/style.css"], outfile: `${out}/style.css`});
await cp("src/index.html", `${out}/index.html`);
await cp("src/icon.svg", `${out}/icon.svg`);

// Every package of which a file went into the bundle, with its licence.
const packages = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const parts = input.split("node_modules/");
  if (parts.length < 2) continue;
  const words = parts.at(-1).split("/");
  packages.add(parts.slice(0, -1).join("node_modules/") + "node_modules/" + (words[0].startsWith("@") ? words.slice(0, 2).join("/") : words[0]));
}
let text = "The students' page of coexist is under the MIT licence. Bundled into app.js are these packages:\n";
for (const folder of [...packages].sort()) {
  const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((f) => /^licen[sc]e/i.test(f));
  if (!file) throw new Error(`${about.name}: no licence file`);
  text += `\n${"=".repeat(72)}\n${about.name} ${about.version} (${about.license})\n\n${(await readFile(path.join(folder, file), "utf8")).trim()}\n`;
}
await writeFile(`${out}/LICENCES.txt`, text);

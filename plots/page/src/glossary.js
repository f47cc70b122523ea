// The glossary: words that explain themselves on tap.
import {glossary} from "./words.js";

const dialog = () => document.getElementById("glossary");
const id = (term) => "term-" + term.toLowerCase().replaceAll(/[^a-z]+/g, "-");

/** Opens the glossary, at a term if one is given. */
export function openGlossary(term) {
  const list = document.getElementById("g-list");
  if (!list.childElementCount) {
    for (const [name, text] of [...glossary].sort((a, b) => a[0].localeCompare(b[0]))) {
      const dt = document.createElement("dt"), dd = document.createElement("dd");
      dt.textContent = name;
      dt.id = id(name);
      dd.textContent = text;
      list.append(dt, dd);
    }
  }
  dialog().showModal();
  for (const dt of list.querySelectorAll("dt")) dt.classList.toggle("asked", !!term && dt.id === id(term));
  if (term) document.getElementById(id(term))?.scrollIntoView({block: "center"});
}

/** A word of the glossary as a button. */
function button(text, term) {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "term";
  b.textContent = text;
  b.setAttribute("aria-haspopup", "dialog");
  b.addEventListener("click", () => openGlossary(term));
  return b;
}

const forms = glossary.map(([term]) => [term, new RegExp(`\\b${term.replaceAll(" ", "\\s")}s?\\b`, "i")]).sort((a, b) => b[0].length - a[0].length);

/** Text with the first use of each term of the glossary as a button; or all of it, if a term is given. */
export function explain(text, term) {
  if (term) return [button(text, term)];
  let parts = [text];
  for (const [name, form] of forms) {
    const k = parts.findIndex((p) => typeof p === "string" && form.test(p));
    if (k < 0) continue;
    const m = form.exec(parts[k]), at = m.index;
    parts.splice(k, 1, parts[k].slice(0, at), button(m[0], name), parts[k].slice(at + m[0].length));
  }
  return parts.filter((p) => p !== "");
}

// The questions: a slider where answers lie on a scale, buttons to choose from elsewhere.
import {explain} from "./glossary.js";

/**
 * Builds the questions into a box. moved() tells the answers that differ from the system's own;
 * set(system, answers) sets all and returns what could not be set, in words.
 */
export function controls(box, catalogue, changed) {
  const questions = catalogue.questions.map((q) => new Control(q, changed));
  box.append(...questions.map((q) => q.element));
  return {
    moved: () => Object.fromEntries(questions.filter((q) => q.moved()).map((q) => [q.id, q.value])),
    set(system, answers) {
      const stands = catalogue.systems.find((s) => s.name === system).stands, wrong = [];
      for (const q of questions) {
        q.stand(stands[q.id]);
        if (answers[q.id] !== undefined && !q.choose(answers[q.id])) wrong.push(`${q.id} “${String(answers[q.id]).slice(0, 30)}”`);
      }
      for (const id of Object.keys(answers)) if (!questions.some((q) => q.id === id)) wrong.push(`“${id.slice(0, 30)}”`);
      return wrong;
    },
  };
}

class Control {
  constructor(q, changed) {
    this.q = q;
    this.id = q.id;
    this.changed = changed;
    const f = this.element = document.createElement("fieldset");
    f.className = "question";
    const legend = document.createElement("legend");
    legend.textContent = q.question;
    const help = document.createElement("details");
    help.className = "help";
    const summary = document.createElement("summary");
    summary.innerHTML = `<span aria-hidden="true">?</span><span class="visually-hidden"></span>`;
    summary.querySelector(".visually-hidden").textContent = `About: ${q.question}`;
    const text = document.createElement("p");
    text.append(...explain(q.help));
    const sets = document.createElement("ul");
    sets.className = "sets";
    for (const a of q.answers) {
      const li = document.createElement("li");
      li.textContent = `${a.label}: ${a.sets.join(", ")}`;
      sets.append(li);
    }
    help.append(summary, text, sets);
    this.why = document.createElement("p");
    this.why.className = "why";
    f.append(legend, help, q.scale ? this.slider() : this.buttons(), this.why);
  }

  slider() {
    const box = document.createElement("div");
    box.className = "slider";
    const n = this.q.answers.length;
    this.input = document.createElement("input");
    Object.assign(this.input, {type: "range", min: 0, max: n - 1, step: 1, id: `q-${this.id}`});
    this.input.setAttribute("aria-label", this.q.question);
    this.output = document.createElement("output");
    this.output.htmlFor = this.input.id;
    this.marks = document.createElement("div");
    this.marks.className = "marks";
    this.marks.setAttribute("aria-hidden", "true");
    for (let i = 0; i < n; i++) this.marks.append(document.createElement("i"));
    this.input.addEventListener("input", () => { this.value = this.q.answers[+this.input.value].value; this.tell(); });
    this.input.addEventListener("change", () => this.changed());
    box.append(this.output, this.input, this.marks);
    return box;
  }

  buttons() {
    const box = document.createElement("div");
    box.className = "choices";
    this.radios = this.q.answers.map((a) => {
      const l = document.createElement("label"), r = document.createElement("input"), s = document.createElement("span");
      Object.assign(r, {type: "radio", name: `q-${this.id}`, value: a.value});
      r.addEventListener("change", () => { this.value = a.value; this.tell(); this.changed(); });
      s.textContent = a.label;
      l.append(r, s);
      box.append(l);
      return r;
    });
    return box;
  }

  /** Sets how the question stands in a system. */
  stand(s) {
    this.now = s.now;
    this.possible = s.possible ?? [];
    this.value = s.now;
    this.why.textContent = s.why ?? "";
    const off = !!s.why;
    this.element.classList.toggle("off", off);
    if (this.input) this.input.disabled = off;
    this.radios?.forEach((r) => {
      r.disabled = !this.possible.includes(r.value);
      r.parentElement.classList.toggle("now", r.value === s.now && !off);
    });
    this.tell();
  }

  /** Chooses an answer; false if it does not go with the system. */
  choose(value) {
    if (!this.possible.includes(value)) return false;
    this.value = value;
    this.tell();
    return true;
  }

  moved() { return this.value !== this.now; }

  tell() {
    const k = this.q.answers.findIndex((a) => a.value === this.value);
    this.element.classList.toggle("moved", this.moved());
    if (this.input) {
      if (k >= 0) this.input.value = k;
      const text = this.q.answers[k]?.label ?? "As in the system";
      this.output.textContent = text;
      this.input.setAttribute("aria-valuetext", text);
      [...this.marks.children].forEach((m, i) => m.classList.toggle("now", this.q.answers[i].value === this.now));
    }
    this.radios?.forEach((r) => { r.checked = r.value === this.value; });
  }
}

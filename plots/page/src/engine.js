// The engine behind one function: native on the server, or WebAssembly in a worker. Either way
// settings go in and events come out, and the numbers are the same.

/** An error in words for the page. */
export class Fault extends Error {}

/** Connects to whichever engine there is. */
export function connect(catalogue) {
  return catalogue.delivery === "server" ? new Remote() : new Local(catalogue);
}

/** Reads the events of a stream of server-sent events; one that breaks off ends. */
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const {value, done} = await reader.read().catch(() => ({done: true}));
    if (done) return;
    held += value;
    let end;
    while ((end = held.indexOf("\n\n")) >= 0) {
      const block = held.slice(0, end);
      held = held.slice(end + 2);
      let kind = "message", data = "";
      for (const line of block.split("\n")) {
        if (line.startsWith("event: ")) kind = line.slice(7);
        else if (line.startsWith("data: ")) data += line.slice(6);
      }
      yield [kind, data];
    }
  }
}

/** The engine of `coexist serve`. */
class Remote {
  /** Asks and calls hand(kind, value) with each answer; signal stops it. */
  async ask(what, settings, hand, signal) {
    let answer;
    try {
      answer = await fetch(`ask/${what}`, {
        method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(settings), signal,
      });
    } catch (e) {
      if (signal.aborted) throw e;
      throw new Fault("The server does not answer. Is `coexist serve` still running?");
    }
    if (!answer.ok) throw new Fault(sentence(await answer.text()));
    let whole = false;
    for await (const [kind, data] of events(answer.body)) {
      if (kind === "done") whole = true;
      else if (kind === "fault") throw new Fault(sentence(JSON.parse(data)));
      else hand(kind, JSON.parse(data));
    }
    if (!whole) throw signal.aborted ? signal.reason : new Fault("The server stopped in the middle of the run.");
  }
}

/** The engine of the static site: a worker with WebAssembly. What it does is stopped by ending the worker; what else
 * was asked is asked again, and its hand is told "again". */
class Local {
  constructor(catalogue) {
    this.places = new Map(catalogue.places.map((p) => [p.name, p.file]));
    this.next = 0;
    this.waiting = new Map(); // what was asked and not yet done, by number
    this.start();
  }

  start() {
    this.worker = new Worker("worker.js");
    this.worker.onmessage = ({data}) => this.waiting.get(data.id)?.answer(data);
    this.worker.onerror = (e) => {
      e.preventDefault();
      for (const {answer} of this.waiting.values()) answer({kind: "fault", value: "The engine could not be started in this browser."});
    };
    for (const {message, answer} of this.waiting.values()) { // what the last one left undone
      answer({kind: "again"});
      this.worker.postMessage(message);
    }
  }

  ask(what, settings, hand, signal) {
    return new Promise((resolve, reject) => {
      const id = ++this.next, message = {id, what, settings, place: this.places.get(settings.place)};
      const stop = () => {
        this.waiting.delete(id);
        this.worker.terminate();
        this.start();
        reject(signal.reason);
      };
      const close = (end) => {
        this.waiting.delete(id);
        signal.removeEventListener("abort", stop);
        end();
      };
      const answer = ({kind, value}) => {
        if (kind === "done") close(resolve);
        else if (kind === "fault") close(() => reject(new Fault(sentence(value))));
        else hand(kind, value);
      };
      this.waiting.set(id, {message, answer});
      signal.addEventListener("abort", stop, {once: true});
      this.worker.postMessage(message);
    });
  }
}

/** Makes a sentence of a fault. */
function sentence(text) {
  text = text.trim();
  return text ? text[0].toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".") : "Something went wrong.";
}

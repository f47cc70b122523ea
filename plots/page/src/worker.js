// The engine in a worker: loads the program and one place, and hands on what it says.
/* global Go, coexistWorld, coexistDo */

/** Fetches a packed file; a web server that unpacks on its own is fine too. */
async function unpacked(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name} cannot be loaded (${answer.status})`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  if (typeof DecompressionStream === "undefined") throw new Error("this browser is too old for the simulation; please use one of 2023 or later");
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const engine = (async () => {
  importScripts("wasm_exec.js");
  const go = new Go();
  const program = await WebAssembly.instantiate(await unpacked("coexist.wasm.gz"), go.importObject);
  const ready = new Promise((resolve) => { globalThis.coexistReady = resolve; });
  go.run(program.instance);
  await ready;
})();
engine.catch(() => {}); // told to whoever asks

let place = "";
onmessage = async ({data: {id, what, settings, place: file}}) => {
  try {
    await engine;
    if (place !== settings.place) {
      if (!file) throw new Error("there is no place of that name on this page");
      const fault = coexistWorld(settings.place, await unpacked(`places/${file}.place.gz`));
      if (fault) throw new Error(fault);
      place = settings.place;
    }
    coexistDo(what, settings, (kind, value) => postMessage({id, kind, value}));
  } catch (e) {
    postMessage({id, kind: "fault", value: e.message});
  }
};

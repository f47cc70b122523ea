// A picture to paste: the map and the four charts as one PNG.
import {colourOf, shape, shapeOf} from "./map.js";
import {charts} from "./words.js";

/** A chart as an image, with the style that the page's style sheet gives it. */
async function image(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = "text{font-family:system-ui,sans-serif;fill:#333}";
  copy.prepend(style);
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], {type: "image/svg+xml"}));
  try {
    const img = new Image();
    img.src = url;
    await img.decode();
    return img;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Breaks text into lines of a width. */
function lines(g, text, width) {
  const out = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && g.measureText(`${line} ${word}`).width > width) { out.push(line); line = word; } else line = line ? `${line} ${word}` : word;
  }
  return [...out, line];
}

export async function savePicture(state, map, {title, source, data, clock}) {
  if (!map.geo) return "There is no map yet.";
  const W = 1600, pad = 40, c = document.createElement("canvas"), g = c.getContext("2d");
  const mapW = 900, mapH = Math.min(1000, mapW * map.canvas.height / map.canvas.width), wide = mapH * map.canvas.width / map.canvas.height;
  const chartX = pad + mapW + 40, chartW = W - chartX - pad;
  const ops = state.frames[state.shown]?.operators.map((o, k) => [o, k]).filter(([o]) => o.people > 0) ?? [];
  const H = Math.max(pad + 100 + mapH + 40 + Math.ceil(ops.length / 2) * 34, pad + 100 + 4 * 256) + 110;
  c.width = W; c.height = H;
  g.fillStyle = "#fff"; g.fillRect(0, 0, W, H);
  const text = (s, x, y, font, colour = "#1a1a1a") => { g.font = font; g.fillStyle = colour; g.textBaseline = "alphabetic"; g.textAlign = "left"; g.fillText(s, x, y); };
  let size = 36;
  do { g.font = `700 ${size}px system-ui, sans-serif`; } while (g.measureText(title).width > W - 2 * pad && --size > 18);
  text(title, pad, pad + 34, `700 ${size}px system-ui, sans-serif`);
  text(clock || "Before the run", pad, pad + 74, "24px system-ui, sans-serif", "#595959");
  g.drawImage(map.canvas, pad + (mapW - wide) / 2, pad + 100, wide, mapH);
  ops.forEach(([o, k], i) => {
    const x = pad + (i % 2) * (mapW / 2), y = pad + 100 + mapH + 34 + Math.floor(i / 2) * 34;
    g.fillStyle = colourOf(k); shape(g, shapeOf(k), x + 10, y - 7, 8); g.fill();
    text(`${o.name}: ${o.people.toLocaleString("en-GB")}`, x + 30, y, "20px system-ui, sans-serif");
  });
  let y = pad + 100;
  for (const [name, ch] of Object.entries(charts)) {
    const figure = document.getElementById(`chart-${name}`), svg = figure.querySelector(".plot svg");
    text(`${ch.title}  ${figure.querySelector(".value").textContent}`, chartX, y + 22, "700 26px system-ui, sans-serif");
    text(`${ch.unit}; ${ch.better}`, chartX, y + 48, "18px system-ui, sans-serif", "#595959");
    if (svg) {
      const img = await image(svg), h = chartW * svg.getAttribute("height") / svg.getAttribute("width");
      g.drawImage(img, chartX, y + 56, chartW, Math.min(h, 190));
    }
    y += 256;
  }
  text(source, pad, H - 76, "18px system-ui, sans-serif", "#595959");
  g.font = "13px system-ui, sans-serif";
  lines(g, data, W - 2 * pad).slice(0, 3).forEach((l, i) => text(l, pad, H - 50 + i * 17, "13px system-ui, sans-serif", "#595959"));
  const blob = await new Promise((resolve) => c.toBlob(resolve, "image/png"));
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = "coexist.png";
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
  return "coexist.png is saved.";
}

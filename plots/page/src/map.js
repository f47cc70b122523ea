// The map: land, homes as dots, practices, hospitals, and flights. Colour is never alone: every
// operator has a shape of its own.

/** Colours and shapes of operators, in order; after the eighth they come again. */
export const palette = ["#12436d", "#f46a25", "#28a197", "#801650", "#8a6bc1", "#3d3d3d", "#b08900", "#4c8c2b"];
export const shapes = ["circle", "square", "triangle", "diamond", "plus", "cross", "ring", "bar"];
const nobody = 255, noColour = "#8c959f";
export const colourOf = (k) => (k === nobody ? noColour : palette[k % palette.length]);
export const shapeOf = (k) => (k === nobody ? "dot" : shapes[k % shapes.length]);

/** Draws a shape of radius r about (x, y). */
export function shape(g, kind, x, y, r) {
  g.beginPath();
  switch (kind) {
    case "square": g.rect(x - r * .88, y - r * .88, r * 1.76, r * 1.76); break;
    case "triangle": g.moveTo(x, y - r * 1.2); g.lineTo(x + r * 1.1, y + r * .8); g.lineTo(x - r * 1.1, y + r * .8); g.closePath(); break;
    case "diamond": g.moveTo(x, y - r * 1.25); g.lineTo(x + r * 1.1, y); g.lineTo(x, y + r * 1.25); g.lineTo(x - r * 1.1, y); g.closePath(); break;
    case "plus": g.rect(x - r * 1.1, y - r * .4, r * 2.2, r * .8); g.rect(x - r * .4, y - r * 1.1, r * .8, r * 2.2); break;
    case "cross": {
      const a = r * 1.05, b = r * .38;
      for (const [sx, sy] of [[1, 1], [1, -1]]) {
        g.moveTo(x - a * sx - b * sy * .7, y - a * sy + b * sx * .7); g.lineTo(x + a * sx - b * sy * .7, y + a * sy + b * sx * .7);
        g.lineTo(x + a * sx + b * sy * .7, y + a * sy - b * sx * .7); g.lineTo(x - a * sx + b * sy * .7, y - a * sy - b * sx * .7); g.closePath();
      }
      break;
    }
    case "ring": g.arc(x, y, r, 0, 7); g.moveTo(x + r * .5, y); g.arc(x, y, r * .5, 0, 7, true); break;
    case "bar": g.rect(x - r * 1.1, y - r * .5, r * 2.2, r); break;
    case "dot": g.arc(x, y, r * .75, 0, 7); break;
    default: g.arc(x, y, r, 0, 7);
  }
}

/** Picks the bytes of dots apart, as they are or as base64: x and y in 1/65535, operator, state. */
export function unpackDots(given) {
  const raw = typeof given === "string" ? Uint8Array.from(atob(given), (c) => c.charCodeAt(0)) : given, n = raw.length / 6;
  const d = {n, x: new Uint16Array(n), y: new Uint16Array(n), op: new Uint8Array(n), state: new Uint8Array(n)};
  for (let i = 0, k = 0; i < n; i++, k += 6) {
    d.x[i] = raw[k] | raw[k + 1] << 8;
    d.y[i] = raw[k + 2] | raw[k + 3] << 8;
    d.op[i] = raw[k + 4];
    d.state[i] = raw[k + 5];
  }
  return d;
}

export class RouteMap {
  constructor(canvas, box) {
    this.canvas = canvas;
    this.box = box;
    this.g = canvas.getContext("2d");
    this.base = document.createElement("canvas"); // land and dots: drawn once a frame
    this.over = document.createElement("canvas"); // sites and names, above the flights
    this.geo = null;
    this.frame = null;
    this.path = []; // of the patient who is followed
    this.marked = -1; // story that is followed
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.drawn = 0;
    new ResizeObserver(() => this.resize()).observe(box);
  }

  /** Sets the place. */
  place(geo) {
    this.geo = geo;
    this.frame = null;
    this.path = [];
    this.resize();
  }

  /** Shows a frame. */
  show(frame) {
    this.frame = frame;
    this.paintBase();
  }

  resize() {
    if (!this.geo) return;
    const ratio = Math.min(devicePixelRatio || 1, 2.5), w = this.box.clientWidth;
    const wide = this.geo.width / this.geo.height;
    const h = Math.max(Math.min(w / wide, innerHeight * .78, w * 1.15), Math.min(w * .6, 260));
    this.canvas.style.height = `${h}px`;
    for (const c of [this.canvas, this.base, this.over]) { c.width = Math.round(w * ratio); c.height = Math.round(h * ratio); }
    this.ratio = ratio;
    const pad = 14;
    this.scale = Math.min((w - 2 * pad) / this.geo.width, (h - 2 * pad) / this.geo.height);
    this.left = (w - this.geo.width * this.scale) / 2;
    this.top = (h - this.geo.height * this.scale) / 2;
    this.w = w; this.h = h;
    this.em = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    // A dot is as large as the map leaves room for.
    this.dot = Math.max(1.5, Math.min(4.6 * this.em, Math.sqrt(w * h / 5000) * .2));
    this.sprites = new Map();
    this.paintBase();
    this.paint(this.at ?? 0);
  }

  /** Metres to points on the screen. */
  xy(x, y) { return [this.left + x * this.scale, this.top + (this.geo.height - y) * this.scale]; }

  /** 1/65535 to points on the screen. */
  uv(u, v) { return this.xy(u / 65535 * this.geo.width, v / 65535 * this.geo.height); }

  /** A dot as a picture, drawn once for each operator and state. */
  sprite(op, state) {
    const key = op << 2 | state;
    let s = this.sprites.get(key);
    if (s) return s;
    const r = this.dot * this.ratio, size = Math.ceil(r * 4.2);
    s = document.createElement("canvas");
    s.width = s.height = size;
    const g = s.getContext("2d"), c = size / 2;
    g.fillStyle = g.strokeStyle = colourOf(op);
    shape(g, shapeOf(op), c, c, r);
    if (op === nobody) g.globalAlpha = .55;
    g.globalAlpha *= state & 1 ? 1 : .62;
    g.fill();
    if (state & 2) { // in hospital
      g.globalAlpha = 1;
      g.lineWidth = Math.max(1.2, r * .42);
      g.strokeStyle = "#1a1a1a";
      g.stroke();
    }
    this.sprites.set(key, s);
    return s;
  }

  paintBase() {
    if (!this.geo) return;
    const g = this.base.getContext("2d");
    g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    g.fillStyle = "#dfe9ef"; // sea and neighbours
    g.fillRect(0, 0, this.w, this.h);
    g.beginPath();
    for (const ring of this.geo.outline) {
      ring.forEach(([x, y], i) => { const p = this.xy(x, y); i ? g.lineTo(...p) : g.moveTo(...p); });
      g.closePath();
    }
    g.fillStyle = "#fbfaf6";
    g.fill("evenodd");
    g.strokeStyle = "#b5c3cc"; g.lineWidth = 1; g.stroke();
    this.paintDots(g);
    const t = this.over.getContext("2d");
    t.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    t.clearRect(0, 0, this.w, this.h);
    this.paintPractices(t);
    this.paintHospitals(t);
    this.paintTowns(t);
  }

  paintDots(g) {
    const d = this.frame?.dots;
    if (!d) return;
    g.save();
    g.setTransform(1, 0, 0, 1, 0, 0);
    const r = this.ratio, kx = this.geo.width * this.scale * r / 65535, ky = this.geo.height * this.scale * r / 65535;
    const x0 = this.left * r, y0 = (this.top + this.geo.height * this.scale) * r;
    for (let i = 0; i < d.n; i++) {
      const s = this.sprite(d.op[i], d.state[i] & 3), half = s.width / 2;
      g.drawImage(s, x0 + d.x[i] * kx - half | 0, y0 - d.y[i] * ky - half | 0);
    }
    g.restore();
    const where = this.frame.where;
    if (!where) return;
    for (let k = 0; k < where.length; k++) { // whose story is told
      if (where[k] < 0) continue;
      const [x, y] = this.uv(d.x[where[k]], d.y[where[k]]);
      g.beginPath(); g.arc(x, y, this.dot + 2.4, 0, 7);
      g.lineWidth = 3; g.strokeStyle = "#1a1a1a"; g.stroke();
      g.lineWidth = 1.6; g.strokeStyle = "#ffdd00"; g.stroke();
    }
  }

  paintPractices(g) {
    const many = this.geo.practices.length > 40, s = (many ? 2.6 : 4.4) * this.em;
    this.geo.practices.forEach((p, i) => {
      const [x, y] = this.xy(p.x, p.y), load = this.frame?.practices?.[i];
      g.fillStyle = "#fff"; g.strokeStyle = "#3d3d3d"; g.lineWidth = 1;
      g.beginPath(); g.rect(x - s, y - s, 2 * s, 2 * s); g.fill();
      if (load) { // the square fills up with demand
        const full = Math.max(0, Math.min(1.15, load.load)) / 1.15;
        g.fillStyle = load.load > 1 ? "#b3261e" : "#5b7f95";
        g.fillRect(x - s, y + s - 2 * s * full, 2 * s, 2 * s * full);
      }
      g.stroke();
    });
  }

  paintHospitals(g) {
    const r = Math.max(8, Math.min(13 * this.em, this.w / 60));
    this.labels = [];
    this.geo.hospitals.forEach((h, i) => {
      const [x, y] = this.xy(h.x, h.y), load = this.frame?.hospitals?.[i];
      const edge = h.outside && (x < 4 || y < 4 || x > this.w - 4 || y > this.h - 4);
      const size = h.outside ? r * .6 : r;
      if (h.outside) g.globalAlpha = edge ? .4 : .7;
      g.beginPath(); g.arc(x, y, size, 0, 7); g.fillStyle = "#fff"; g.fill();
      g.lineWidth = size * .32; g.strokeStyle = "#c9d3da";
      g.beginPath(); g.arc(x, y, size, 0, 7); g.stroke();
      if (load && !h.outside) { // the ring fills up with beds in use
        g.strokeStyle = load.load > .95 ? "#b3261e" : colourOf(load.owner);
        g.beginPath(); g.arc(x, y, size, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * Math.min(1, load.load)); g.stroke();
      }
      g.fillStyle = "#1a1a1a"; g.font = `700 ${size}px system-ui, sans-serif`; g.textAlign = "center"; g.textBaseline = "middle";
      g.fillText("H", x, y + size * .06);
      g.globalAlpha = 1;
      if (!h.outside) this.labels.push([x, y, size, h.name, i]);
    });
    g.font = `600 ${this.type = Math.max(11, Math.min(14.5 * this.em, this.w / 62))}px system-ui, sans-serif`;
    const taken = this.labels.map(([x, y, size]) => [x - size, y - 8, 2 * size]);
    for (const [x, y, size, name, i] of this.labels) {
      const short = name.replace(/ Hospital.*$/, (m, at) => (this.geo.synthetic ? m : "")).replace(/\s*\(.*\)/, "");
      const load = this.frame?.hospitals?.[i];
      const text = load ? `${short} · ${Math.round(load.load * 100)} %` : short;
      const wide = g.measureText(text).width;
      for (const [dx, dy, align] of [[0, size + this.type * .8, "center"], [0, -size - this.type * .8, "center"], [size + 5, 0, "left"], [-size - 5, 0, "right"]]) {
        let x0 = x + dx - (align === "center" ? wide / 2 : align === "right" ? wide : 0);
        const y0 = y + dy - this.type / 2;
        if (x0 < 2 || x0 + wide > this.w - 2 || y0 < 2 || y0 + this.type > this.h - 2) continue;
        if (taken.some(([a, b, w]) => x0 < a + w + 4 && a < x0 + wide + 4 && Math.abs(b - y0) < this.type * 1.1 && !(a === x - size && w === 2 * size))) continue;
        taken.push([x0, y0, wide]);
        g.textAlign = "left"; g.textBaseline = "top";
        g.lineWidth = 3.5; g.strokeStyle = "rgba(255,255,255,.92)"; g.lineJoin = "round";
        g.strokeText(text, x0, y0); g.fillStyle = "#1a1a1a"; g.fillText(text, x0, y0);
        break;
      }
    }
    this.taken = taken;
  }

  paintTowns(g) {
    const size = Math.max(10, Math.min(13 * this.em, this.w / 70));
    g.font = `italic ${size}px system-ui, sans-serif`;
    g.textAlign = "left"; g.textBaseline = "top";
    for (const t of this.geo.towns) {
      const [x, y] = this.xy(t.x, t.y), wide = g.measureText(t.name).width, x0 = x - wide / 2, y0 = y - size / 2;
      if (x0 < 2 || x0 + wide > this.w - 2 || y0 < 2 || y0 + size > this.h - 2) continue;
      if (this.taken.some(([a, b, w]) => x0 < a + w + 6 && a < x0 + wide + 6 && Math.abs(b - y0) < size * 1.25)) continue;
      this.taken.push([x0, y0, wide]);
      g.lineWidth = 3; g.strokeStyle = "rgba(255,255,255,.85)"; g.lineJoin = "round";
      g.strokeText(t.name, x0, y0); g.fillStyle = "#4a5560"; g.fillText(t.name, x0, y0);
    }
  }

  /** A way through the air between two points: its control point. */
  arc(x1, y1, x2, y2) {
    const dx = x2 - x1, dy = y2 - y1, far = Math.hypot(dx, dy);
    return [(x1 + x2) / 2 - dy * .18 * Math.sign(dx || 1), (y1 + y2) / 2 - Math.abs(dx) * .18 - Math.min(16, far * .15)];
  }

  /** Paints the map at a share of the time from one frame to the next. */
  paint(share) {
    if (!this.geo) return;
    this.at = share;
    const g = this.g;
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.drawImage(this.base, 0, 0);
    g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.paintFlights(g, share);
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.drawImage(this.over, 0, 0);
    g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.paintPath(g);
    this.drawn++;
  }

  paintFlights(g, share) {
    const flights = this.frame?.flights;
    if (!flights || this.marked >= 0) return;
    const still = this.calm.matches;
    flights.forEach((f, i) => {
      const [x1, y1] = this.uv(f.x, f.y), h = this.geo.hospitals[f.hospital], [x2, y2] = this.xy(h.x, h.y);
      const [cx, cy] = this.arc(x1, y1, x2, y2);
      const begin = (i * .618) % 1 * .62, t = still ? 1 : (share - begin) / .38;
      if (t <= 0 || t > 1.25) return;
      const u = Math.min(1, t), colour = f.lost ? "#b3261e" : colourOf(f.operator);
      g.globalAlpha = still ? .3 : t > 1 ? Math.max(0, 1 - (t - 1) * 4) * .8 : .8;
      g.strokeStyle = colour; g.lineWidth = 1.2 * this.em; g.setLineDash(f.lost ? [3, 3] : []);
      g.beginPath(); g.moveTo(x1, y1);
      for (let k = 1; k <= 12; k++) g.lineTo(...bezier(x1, y1, cx, cy, x2, y2, u * k / 12));
      g.stroke(); g.setLineDash([]);
      if (still) return;
      const [px, py] = bezier(x1, y1, cx, cy, x2, y2, u), [qx, qy] = bezier(x1, y1, cx, cy, x2, y2, Math.max(0, u - .03));
      plane(g, px, py, Math.atan2(py - qy, px - qx), 4.8 * this.em, colour, f.lost && u > .55);
    });
    g.globalAlpha = 1;
  }

  /** The flights of the patient who is followed, the latest strongest. */
  paintPath(g) {
    if (this.marked < 0) return;
    const w = this.frame?.where?.[this.marked] ?? -1, d = this.frame?.dots;
    if (w >= 0 && d) {
      const [x, y] = this.uv(d.x[w], d.y[w]);
      g.strokeStyle = "#1a1a1a"; g.fillStyle = "#ffdd00"; g.lineWidth = 2;
      g.beginPath(); g.arc(x, y, this.dot + 6, 0, 7); g.fill(); g.stroke();
      shape(g, shapeOf(d.op[w]), x, y, this.dot + 1); g.fillStyle = colourOf(d.op[w]); g.fill();
    }
    this.path.forEach((s, i) => {
      const late = (i + 1) / this.path.length;
      const [x1, y1] = this.uv(...s.from), [x2, y2] = this.uv(...s.to), [cx, cy] = this.arc(x1, y1, x2, y2);
      const bad = s.kind === "emergency";
      g.globalAlpha = .25 + .75 * late; g.strokeStyle = bad ? "#b3261e" : "#12436d"; g.lineWidth = (1.2 + 1.6 * late) * this.em;
      g.setLineDash(bad ? [5, 4] : []);
      g.beginPath(); g.moveTo(x1, y1); g.quadraticCurveTo(cx, cy, x2, y2); g.stroke(); g.setLineDash([]);
      const [px, py] = bezier(x1, y1, cx, cy, x2, y2, .58), [qx, qy] = bezier(x1, y1, cx, cy, x2, y2, .52);
      plane(g, px, py, Math.atan2(py - qy, px - qx), 7 * this.em, bad ? "#b3261e" : "#12436d", false);
    });
    g.globalAlpha = 1;
  }

  /** The story whose ringed dot is nearest to a point, or -1. */
  storyAt(x, y) {
    const where = this.frame?.where, d = this.frame?.dots;
    if (!where || !d) return -1;
    let best = -1, least = 18 * this.em;
    where.forEach((i, k) => {
      if (i < 0) return;
      const [px, py] = this.uv(d.x[i], d.y[i]), far = Math.hypot(px - x, py - y);
      if (far < least) { least = far; best = k; }
    });
    return best;
  }

  /** What is at a point, in words, or "". */
  describe(x, y) {
    if (!this.geo) return "";
    const near = (list, r) => list.findIndex((s) => { const [a, b] = this.xy(s.x, s.y); return Math.hypot(a - x, b - y) < r; });
    const h = near(this.geo.hospitals, 13 * this.em);
    if (h >= 0) {
      const s = this.geo.hospitals[h], l = this.frame?.hospitals?.[h];
      return s.name + (s.outside ? ", outside the place" : `, ${s.size} beds`) + (l && !s.outside ? `, ${Math.round(l.load * 100)} % of its beds needed, ${l.delay.toFixed(0)} weeks to a clinic` : "");
    }
    const p = near(this.geo.practices, 8 * this.em);
    if (p >= 0) {
      const s = this.geo.practices[p], l = this.frame?.practices?.[p];
      return `${s.name}, ${s.size.toLocaleString("en-GB")} patients` + (l ? `, ${Math.round(l.load * 100)} % of appointments taken, ${l.delay.toFixed(1)} days to one` : "");
    }
    return "";
  }
}

function bezier(x1, y1, cx, cy, x2, y2, t) {
  const s = 1 - t;
  return [s * s * x1 + 2 * s * t * cx + t * t * x2, s * s * y1 + 2 * s * t * cy + t * t * y2];
}

/** A small plane, or a cross where it came down. */
function plane(g, x, y, angle, r, colour, down) {
  g.save();
  g.translate(x, y);
  g.fillStyle = colour; g.strokeStyle = "#fff"; g.lineWidth = .8;
  if (down) {
    g.lineWidth = 2; g.strokeStyle = colour;
    g.beginPath(); g.moveTo(-r * .6, -r * .6); g.lineTo(r * .6, r * .6); g.moveTo(r * .6, -r * .6); g.lineTo(-r * .6, r * .6); g.stroke();
  } else {
    g.rotate(angle);
    g.beginPath();
    g.moveTo(r, 0); g.lineTo(r * .25, r * .22); g.lineTo(-r * .2, r); g.lineTo(-r * .45, r); g.lineTo(-r * .2, r * .2); g.lineTo(-r * .7, r * .18);
    g.lineTo(-r, r * .5); g.lineTo(-r * .9, 0); g.lineTo(-r, -r * .5); g.lineTo(-r * .7, -r * .18); g.lineTo(-r * .2, -r * .2);
    g.lineTo(-r * .45, -r); g.lineTo(-r * .2, -r); g.lineTo(r * .25, -r * .22);
    g.closePath(); g.fill(); g.stroke();
  }
  g.restore();
}

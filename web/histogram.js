// histogram.js - how values are spread, with two handles, and play. SPDX-License-Identifier: Apache-2.0

const STEPS = 1000, SVG = 'http://www.w3.org/2000/svg', PLAY_MS = 400, PLAY_WINDOWS = 20;

/** Counts over a range of what layers count each over their own: values of a bin lie evenly in it. */
export function mergeBins(parts, [low, high]) {
  const n = Math.max(0, ...parts.map(({bins}) => bins.length)), merged = new Array(n).fill(0);
  const at = (x) => Math.min(n, Math.max(0, (x - low) / (high - low) * n));
  for (const {range: [a, b], bins} of parts) bins.forEach((count, i) => {
    const from = at(a + (b - a) * i / bins.length), to = at(a + (b - a) * (i + 1) / bins.length);
    if (to - from < 1e-9) merged[Math.min(n - 1, Math.floor(from))] += count;
    else for (let k = Math.floor(from); k < to; k++)
      merged[k] += count * (Math.min(to, k + 1) - Math.max(from, k)) / (to - from);
  });
  return merged;
}

/** Fires "change"; `range` is [low, high], or null where both handles are at their ends. */
export class Histogram extends EventTarget {
  #timer = 0;

  /** `show(value)` is a value as text; `playable` adds a button. */
  constructor(element, title, [low, high], bins, show, playable) {
    super();
    Object.assign(this, {element, title, low, high, bins, show});
    element.className = 'histogram';
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', title);
    const head = document.createElement('div'), name = document.createElement('span');
    head.className = 'title';
    name.textContent = title;
    this.output = document.createElement('output');
    head.append(name, this.output);
    this.from = this.#slider('least', 0);
    this.to = this.#slider('most', STEPS);
    element.append(head, this.#drawing(), this.from, this.to);
    if (playable) this.#addPlay();
    this.#update();
  }

  #slider(which, value) {
    const slider = document.createElement('input');
    Object.assign(slider, {type: 'range', min: 0, max: STEPS, step: 1, value});
    slider.setAttribute('aria-label', `${this.title}: ${which}`);
    slider.addEventListener('input', () => {
      if (Number(this.from.value) > Number(this.to.value))
        (which === 'least' ? this.to : this.from).value = slider.value;
      this.#changed();
    });
    return slider;
  }

  #drawing() {
    const svg = document.createElementNS(SVG, 'svg'), most = Math.max(1, ...this.bins);
    svg.setAttribute('viewBox', `0 0 ${this.bins.length} 1`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    this.bars = this.bins.map((n, i) => {
      const bar = document.createElementNS(SVG, 'rect'), height = n / most;
      for (const [key, value] of Object.entries({x: i + 0.08, y: 1 - height, width: 0.84, height}))
        bar.setAttribute(key, value);
      svg.append(bar);
      return bar;
    });
    return svg;
  }

  #value(slider) {
    return this.low + (this.high - this.low) * Number(slider.value) / STEPS;
  }

  get range() {
    const all = Number(this.from.value) === 0 && Number(this.to.value) === STEPS;
    return all ? null : [this.#value(this.from), this.#value(this.to)];
  }

  set range(range) {
    const at = (x) => Math.round((x - this.low) / ((this.high - this.low) || 1) * STEPS);
    this.from.value = range ? at(range[0]) : 0;
    this.to.value = range ? at(range[1]) : STEPS;
    this.#update();
  }

  #update() {
    const [a, b] = this.range || [this.low, this.high];
    this.output.textContent = `${this.show(a)} – ${this.show(b)}`;
    this.from.setAttribute('aria-valuetext', this.show(a));
    this.to.setAttribute('aria-valuetext', this.show(b));
    const first = Number(this.from.value) / STEPS * this.bins.length;
    const last = Number(this.to.value) / STEPS * this.bins.length;
    this.bars.forEach((bar, i) => bar.classList.toggle('in', i + 1 > first && i < last));
  }

  #changed() {
    this.#update();
    this.dispatchEvent(new Event('change'));
  }

  // ---- play

  #addPlay() {
    this.button = document.createElement('button');
    this.button.type = 'button';
    this.button.textContent = 'Play';
    this.button.setAttribute('aria-pressed', 'false');
    this.button.addEventListener('click', () => this.play());
    this.element.append(this.button);
  }

  /** Moves the window between the handles along, until it is asked for again. */
  play() {
    if (!this.button) return;
    if (this.#timer) {
      clearInterval(this.#timer);
      this.#timer = 0;
    } else {
      if (!this.range) this.to.value = STEPS / PLAY_WINDOWS;
      this.#timer = setInterval(() => this.#step(), PLAY_MS);
      this.#changed();
    }
    this.button.textContent = this.#timer ? 'Pause' : 'Play';
    this.button.setAttribute('aria-pressed', String(Boolean(this.#timer)));
  }

  #step() {
    const width = Math.max(1, Number(this.to.value) - Number(this.from.value));
    const next = Number(this.to.value) >= STEPS ? 0 : Number(this.from.value) + Math.max(1, Math.round(width / 2));
    this.to.value = Math.min(STEPS, next + width);
    this.from.value = Math.max(0, Number(this.to.value) - width);
    this.#changed();
  }
}

// walker.js - objects in view, one after the other, by keys. SPDX-License-Identifier: Apache-2.0
import * as L from './leaflet.js';

const LINE = 24; // pixels: objects as high as one another are gone through from left to right
const RING = {radius: 13, color: '#ffffff', weight: 3, fill: false, interactive: false};
const EDGE = {...RING, radius: 15, color: '#000000', weight: 2};

/** Says which object is chosen, and a ring on the map shows it. To readers of screens it is a slider, whose value is told
    when it changes. */
export class Walker {
  #list = [];
  #at = -1;
  #rings = [];

  /** `find()` gives [{layer, row, className, score, latlng}]; `open(object)` shows one. */
  constructor(box, text, map, find, open) {
    Object.assign(this, {box, text, map, find, open});
    box.addEventListener('focus', () => this.update());
    box.addEventListener('blur', () => this.#ring(null));
    box.addEventListener('keydown', (event) => this.#key(event));
    map.on('moveend', () => this.update());
  }

  /** What is in view has changed. The chosen object stays so while it is there. */
  update() {
    if (document.activeElement !== this.box) return;
    const was = this.#list[this.#at], line = (o) => Math.floor(o.point.y / LINE);
    this.#list = this.find().map((o) => ({...o, point: this.map.latLngToContainerPoint(o.latlng)}))
      .sort((a, b) => line(a) - line(b) || a.point.x - b.point.x);
    this.#at = was ? this.#list.findIndex((o) => o.layer === was.layer && o.row === was.row) : -1;
    this.#show();
  }

  #key(event) {
    const last = this.#list.length - 1, to = {
      ArrowRight: this.#at + 1, ArrowDown: this.#at + 1, Home: 0, End: last,
      ArrowLeft: this.#at < 0 ? last : this.#at - 1, ArrowUp: this.#at < 0 ? last : this.#at - 1,
    }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (to !== undefined) this.#at = last < 0 ? -1 : (to + last + 1) % (last + 1);
    else if (event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (to !== undefined) this.#show();
    else if (this.#at >= 0) this.open(this.#list[this.#at]);
  }

  #show() {
    const n = this.#list.length, chosen = this.#list[this.#at];
    const said = chosen ? `${chosen.className ?? 'no class'}${Number.isNaN(chosen.score) ? '' :
      ` ${chosen.score.toFixed(2)}`}, ${this.#at + 1} of ${n.toLocaleString('en')}` :
      n > 0 ? `${n.toLocaleString('en')} objects in view` : 'No single objects in view: zoom in';
    this.text.textContent = said;
    this.box.setAttribute('aria-valuemax', n);
    this.box.setAttribute('aria-valuenow', this.#at + 1);
    this.box.setAttribute('aria-valuetext', said);
    this.#ring(chosen);
  }

  #ring(chosen) {
    for (const ring of this.#rings) ring.remove();
    this.#rings = chosen ? [EDGE, RING].map((style) => L.circleMarker(chosen.latlng, style).addTo(this.map)) : [];
  }
}

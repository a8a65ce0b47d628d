// card.js - one object: its picture, what its row says, the ones before and after it.
// SPDX-License-Identifier: Apache-2.0
import * as L from './leaflet.js';
import {boundsText, filterQuery} from './query.js';
import {turnedTo} from './turns.js';

const MOST = 1000, FIRST = [['score_column', 'score'], ['time_column', 'time']];
const NAMED = [['image', 'source'], ['model', 'model']];

function text(value) {
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return value === null || value === undefined ? '–' : String(value);
}

/** A popup on the map; state.feature says of which object. */
export class Card {
  #neighbours = null;
  #layer = null; // whose neighbours
  #request = 0;

  constructor(map, api, state, layers, palette, imagery, fail) {
    Object.assign(this, {map, api, state, layers, palette, imagery, fail});
    this.popup = L.popup({maxWidth: 340, minWidth: 260});
    this.outline = null;
    map.on('popupclose', () => {
      this.outline?.remove();
      if (!this.moving) this.state.set({feature: null});
    });
  }

  async update() {
    const wanted = this.state.get('feature'), request = ++this.#request;
    if (!wanted) {
      this.map.closePopup(this.popup);
      this.#neighbours = null;
      return;
    }
    const layer = this.layers.find((l) => l.name === wanted.layer);
    if (!layer) return;
    try {
      const feature = await this.api.feature(layer.name, wanted.row);
      if (request !== this.#request) return;
      this.#show(layer, feature);
      if (this.#layer !== layer) this.#neighbours = null;
      const neighbours = this.#neighbours ?? await this.#find(layer);
      if (request !== this.#request) return;
      this.#neighbours = neighbours;
      this.#layer = layer;
      this.#count(wanted.row);
    } catch (error) {
      this.state.set({feature: null});
      this.fail(error);
    }
  }

  /** Other rows pass the filter: who is beside this one is asked again. */
  renew() {
    this.#neighbours = null;
    if (this.state.get('feature')) this.update();
  }

  /** The rows in view that pass the filter. */
  async #find(layer) {
    const query = filterQuery(this.state, layer);
    query.set('view', boundsText(this.map.getBounds()));
    query.set('limit', MOST);
    const found = await this.api.items(layer.name, query);
    return {rows: found.features.map((f) => f.id), matched: found.numberMatched};
  }

  step(by) {
    const wanted = this.state.get('feature'), rows = this.#neighbours?.rows;
    if (!wanted || !rows?.length) return;
    const at = rows.indexOf(wanted.row);
    const row = rows[((at < 0 ? 0 : at + by) + rows.length) % rows.length];
    this.state.set({feature: {layer: wanted.layer, row}});
  }

  #show(layer, feature) {
    const shape = L.geoJSON(turnedTo(feature.geometry, this.map.getCenter().lng), {interactive: false,
      style: {color: '#ffffff', weight: 3, fillOpacity: 0},
      pointToLayer: (_, at) => L.circleMarker(at, {radius: 9, color: '#ffffff', fillOpacity: 0})});
    const bounds = shape.getBounds();
    if (!bounds.isValid()) throw new Error('This object has no place.');
    this.moving = true;
    this.outline?.remove();
    this.outline = shape.addTo(this.map);
    this.#fit();
    this.popup.setLatLng(bounds.getCenter()).setContent(this.#content(layer, feature)).openOn(this.map);
    this.moving = false;
  }

  /** As large as the map has room for, beside its buttons. */
  #fit() {
    const {x, y} = this.map.getSize(), width = Math.max(160, x - 110);
    Object.assign(this.popup.options, {maxWidth: Math.min(340, width), minWidth: Math.min(260, width),
      maxHeight: Math.max(120, y - 70), autoPanPaddingTopLeft: x < 500 ? [52, 5] : [5, 5]});
  }

  #content(layer, feature) {
    const card = document.createElement('div'), title = document.createElement('h3');
    const p = feature.properties, list = document.createElement('dl');
    card.className = 'card';
    title.textContent = layer.class_column ? text(p[layer.class_column] ?? '') || 'no class' : `row ${feature.id}`;
    card.append(title);
    if (this.imagery) card.append(this.#picture(layer, feature.id, title.textContent));
    const used = new Set([layer.class_column]);
    const add = (to, name, value) => {
      const term = document.createElement('dt'), said = document.createElement('dd');
      term.textContent = name;
      said.textContent = text(value);
      to.append(term, said);
    };
    for (const [column, name] of [...FIRST.map(([key, name]) => [layer[key], name]), ...NAMED]) {
      if (!column || !(column in p)) continue;
      add(list, name, p[column]);
      used.add(column);
    }
    const rest = document.createElement('details'), summary = document.createElement('summary');
    const others = document.createElement('dl');
    summary.textContent = 'all columns';
    for (const [name, value] of Object.entries(p)) if (!used.has(name)) add(others, name, value);
    rest.append(summary, others);
    card.append(list, this.#steps(), rest);
    return card;
  }

  #picture(layer, row, title) {
    const image = document.createElement('img');
    image.alt = `Picture of ${title}`;
    image.width = image.height = 192;
    image.src = `/layers/chip/${encodeURIComponent(layer.name)}/${row}`;
    return image;
  }

  #steps() {
    const row = document.createElement('div');
    row.className = 'row';
    this.place = document.createElement('span');
    const button = (title, name, by) => {
      const made = document.createElement('button');
      made.type = 'button';
      made.textContent = title;
      made.setAttribute('aria-label', name);
      made.addEventListener('click', () => this.step(by));
      return made;
    };
    row.append(button('‹', 'Previous object', -1), this.place, button('›', 'Next object', 1));
    return row;
  }

  #count(row) {
    const {rows, matched} = this.#neighbours, at = rows.indexOf(row);
    this.place.textContent = at >= 0 ? `${at + 1} of ${matched.toLocaleString('en')} in view` : '';
  }
}

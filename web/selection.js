// selection.js - counts by class within a polygon, and downloads. SPDX-License-Identifier: Apache-2.0
import * as L from './leaflet.js';
import {countsByName, filterQuery, showsNone} from './query.js';

const NOTHING = {classes: [], total: 0};
const FORMATS = [['geojson', 'GeoJSON'], ['gpkg', 'GeoPackage'], ['csv', 'CSV'], ['parquet', 'Parquet']];

function cell(row, kind, text, className = '') {
  const made = document.createElement(kind);
  made.textContent = text;
  made.className = className;
  row.append(made);
  return made;
}

/** `fail(error)` tells of what went wrong. */
export class Selection {
  #asked = null;

  constructor(element, map, api, state, layers, fail) {
    Object.assign(this, {element, map, api, state, layers, fail, shape: null});
  }

  get geometry() {
    const ring = this.state.get('polygon');
    return ring && {type: 'Polygon', coordinates: [[...ring, ring[0]]]};
  }

  async update() {
    this.#asked?.abort();
    this.shape?.remove();
    const ring = this.state.get('polygon');
    if (!ring) {
      this.element.replaceChildren();
      return;
    }
    this.shape = L.polygon(ring.map(([x, y]) => [y, x]), {color: '#d81b60', weight: 2, fillOpacity: 0.06,
      interactive: false}).addTo(this.map);
    this.#asked = new AbortController();
    const {signal} = this.#asked;
    this.element.setAttribute('aria-busy', 'true');
    try {
      const shown = this.layers.filter((layer) => !this.state.get('off').includes(layer.name));
      const parts = await Promise.all(shown.map(async (layer) => this.#part(layer, showsNone(this.state, layer) ? NOTHING :
        await this.api.summary(layer.name, filterQuery(this.state, layer), this.geometry, signal))));
      this.element.replaceChildren(...parts);
    } catch (error) {
      if (error.name !== 'AbortError') this.fail(error);
    }
    this.element.removeAttribute('aria-busy');
  }

  #part(layer, summary) {
    const part = document.createElement('div');
    part.append(this.#table(layer, summary), this.#downloads(layer));
    return part;
  }

  #table(layer, summary) {
    const table = document.createElement('table');
    table.createCaption().textContent = layer.name;
    const head = table.createTHead().insertRow();
    cell(head, 'th', 'class').scope = 'col';
    cell(head, 'th', 'count', 'number').scope = 'col';
    const body = table.createTBody();
    for (const [name, count] of [...countsByName(layer, summary)].sort(([, a], [, b]) => b - a)) {
      const row = body.insertRow();
      cell(row, 'th', name || 'no class').scope = 'row';
      cell(row, 'td', count.toLocaleString('en'), 'number');
    }
    const foot = table.createTFoot().insertRow();
    cell(foot, 'th', 'all').scope = 'row';
    cell(foot, 'td', summary.total.toLocaleString('en'), 'number total');
    return table;
  }

  #downloads(layer) {
    const row = document.createElement('div');
    row.className = 'row';
    for (const [format, title] of FORMATS) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = title;
      button.setAttribute('aria-label', `Download ${layer.name} as ${title}`);
      button.addEventListener('click', () => this.#download(layer, format, button));
      row.append(button);
    }
    return row;
  }

  async #download(layer, format, button) {
    button.disabled = true;
    try {
      const query = filterQuery(this.state, layer);
      query.set('format', format);
      const blob = await this.api.download(layer.name, query, this.geometry);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = `${layer.name}.${format}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch (error) {
      this.fail(error);
    }
    button.disabled = false;
  }
}

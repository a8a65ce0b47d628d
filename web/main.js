// main.js - the page put together. SPDX-License-Identifier: Apache-2.0
import * as L from './leaflet.js';
import {Api} from './api.js';
import {Card} from './card.js';
import {fillDensityKey} from './density_key.js';
import {DrawTool} from './draw_tool.js';
import {EdgedCanvas} from './edged_canvas.js';
import {Histogram, mergeBins} from './histogram.js';
import {LayerList} from './layer_list.js';
import {Legend} from './legend.js';
import {Palette} from './palette.js';
import {PointLayer} from './point_layer.js';
import {boundsText, countsByName, filterQuery, showsNone} from './query.js';
import {Selection} from './selection.js';
import {State} from './state.js';
import {turnedTo} from './turns.js';
import {Walker} from './walker.js';

const MANY = 12000; // objects in view, from which on their density is drawn
const WAIT_MS = 120, THEMES = ['auto', 'light', 'dark'];
const ZONE = {color: '#8fd6f7', weight: 2, fillOpacity: 0.08, interactive: false};
const IMAGERY = '/imagery'; // no layer's name has a slash
const byId = (id) => document.getElementById(id);

class Page {
  #timer = 0;
  #asked = null;
  #failed = -1; // when, by performance.now()

  constructor() {
    this.api = new Api(this.#answered);
    this.state = new State();
    this.histograms = {};
  }

  // ---- messages

  say(text) {
    if (byId('status').textContent !== text) byId('status').textContent = text;
  }

  fail = (error) => {
    byId('failure-text').textContent = error.message;
    byId('failure').hidden = false;
    this.#failed = performance.now();
  };

  /** What is asked after a failure and is answered takes it away. */
  #answered = (asked) => {
    if (asked > this.#failed) byId('failure').hidden = true;
  };

  // ---- start

  async start() {
    this.theme();
    byId('retry').addEventListener('click', () => location.reload());
    try {
      this.info = await this.api.info();
      await this.build();
    } catch (error) {
      this.say('Nothing is shown.');
      this.fail(error);
    }
  }

  async build() {
    const {layers} = this.info;
    document.title = `${layers.map((l) => l.name).join(', ')} – Elcano map`;
    this.palette = new Palette(layers);
    this.dense = layers.reduce((n, l) => n + l.placed, 0) > MANY;
    this.map = L.map('map', {maxZoom: 24, worldCopyJump: true, zoomSnap: 1});
    this.map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
    this.place();
    this.list = new LayerList(byId('layers'), this.state);
    this.addImagery();
    await this.addZones();
    this.points = layers.map((layer, i) => this.addPoints(layer, i));
    fillDensityKey(byId('density'), this.info.density);
    this.legend = new Legend(byId('legend'), this.palette, layers, this.state);
    this.selection = new Selection(byId('selection'), this.map, this.api, this.state, layers, this.fail);
    this.card = new Card(this.map, this.api, this.state, layers, this.palette, this.info.imagery, this.fail);
    this.draw = new DrawTool(this.map);
    this.walker = new Walker(byId('walk'), byId('walk-at'), this.map, () => this.objects(),
      ({layer, row}) => this.state.set({feature: {layer, row}}));
    this.listen();
    this.filter();
    this.selection.update();
    this.card.update();
    await this.addHistograms();
  }

  /** Where the address says, else where the data are. */
  place() {
    const view = this.state.get('view');
    const boxes = [...this.info.layers, this.info.imagery].filter((x) => x?.bounds).map(({bounds: b}) =>
      L.latLngBounds([b[1], b[0]], [b[3], b[2]]));
    const all = boxes.reduce((a, b) => a.extend(b), L.latLngBounds([]));
    if (view) this.map.setView([view[1], view[2]], view[0]);
    else if (all.isValid()) this.map.fitBounds(all, {maxZoom: 19});
    else this.map.setView([0, 0], 1);
  }

  // ---- layers

  show(layer) {
    return (shown, opacity) => {
      if (shown) layer.addTo(this.map);
      else layer.remove();
      if (layer.setOpacity) layer.setOpacity(opacity);
      else layer.setStyle({opacity, fillOpacity: opacity * 0.12});
      if (this.legend) this.refresh();
    };
  }

  addImagery() {
    const {imagery} = this.info;
    if (!imagery) return;
    const [west, south, east, north] = imagery.bounds;
    const tiles = L.tileLayer('/tiles/imagery/{z}/{x}/{y}', {maxZoom: 24, maxNativeZoom: Math.max(imagery.maxzoom, 1),
      bounds: [[south, west], [north, east]], zIndex: 1});
    tiles.on('tileerror', () => this.say('A tile of the imagery could not be drawn.'));
    this.list.add(IMAGERY, 'imagery', `${imagery.images} image${imagery.images === 1 ? '' : 's'}`, 1, this.show(tiles));
  }

  async addZones() {
    const renderer = new EdgedCanvas();
    for (const {name, rows} of this.info.zones) {
      const shapes = await this.api.zones(name), {lng} = this.map.getCenter();
      for (const feature of shapes.features) feature.geometry = turnedTo(feature.geometry, lng);
      const zones = L.geoJSON(shapes, {style: ZONE, renderer, interactive: false,
        pointToLayer: (_, at) => L.circleMarker(at, {...ZONE, renderer})});
      this.list.add(name, name, `${rows.toLocaleString('en')} zone${rows === 1 ? '' : 's'}`, 0.8, this.show(zones));
    }
  }

  addPoints(layer, index) {
    const tiles = new PointLayer(this.api, layer, this.palette, {zIndex: 10 + index, square: index > 0});
    tiles.on('loading', () => this.say('Loading…'));
    tiles.on('load', () => {
      this.tell();
      this.walker?.update();
    });
    tiles.on('failure', ({error}) => this.fail(error));
    tiles.query = this.tileQuery(layer);
    const off = layer.rows - layer.placed, notes = [layer.rows.toLocaleString('en')];
    if (index > 0) notes.push('as squares');
    if (off) notes.push(`${off.toLocaleString('en')} not on the map`);
    this.list.add(layer.name, layer.name, notes.join(', '), 1, this.show(tiles));
    return tiles;
  }

  /** null where no tile has to be asked for. */
  tileQuery(layer) {
    if (showsNone(this.state, layer)) return null;
    const query = filterQuery(this.state, layer), mode = this.state.get('mode');
    query.set('as', mode === 'auto' ? (this.dense ? 'density' : 'points') : mode);
    return query.toString();
  }

  // ---- filter

  async addHistograms() {
    const summaries = await Promise.all(this.info.layers.map((l) => this.api.summary(l.name, '')));
    const union = (key) => this.info.layers.map((l) => l[key]).filter(Boolean)
      .reduce((a, b) => (a ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : b), null);
    const bins = (key, range) => mergeBins(this.info.layers.map((l, i) => ({range: l[key], bins: summaries[i][key]}))
      .filter((part) => part.range && part.bins), range);
    const add = (id, key, title, show, playable) => {
      const range = union(key);
      if (!range || range[0] === range[1]) return;
      const made = new Histogram(byId(id), title, range, bins(key, range), show, playable);
      made.range = this.state.get(id);
      made.addEventListener('change', () => this.state.set({[id]: made.range}));
      this.histograms[id] = made;
    };
    add('score', 'scores', 'Score', (x) => x.toFixed(2), false);
    const span = union('times'), days = span && span[1] - span[0] > 30 * 86400e3;
    add('time', 'times', 'Time', (t) => new Date(t).toISOString().slice(0, days ? 10 : 16).replace('T', ' '), true);
    if (!this.histograms.score && !this.histograms.time) byId('score').textContent = 'No scores or times to filter by.';
  }

  filter() {
    for (const tiles of this.points) tiles.setQuery(this.tileQuery(tiles.layer));
    this.refresh();
  }

  /** Live counts, a moment after the last change. */
  refresh() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.count(), this.counts ? WAIT_MS : 0);
  }

  async count() {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const {signal} = this.#asked, view = boundsText(this.map.getBounds()), counts = new Map();
    const shown = this.info.layers.filter((l) => !this.state.get('off').includes(l.name));
    try {
      await Promise.all(shown.map(async (layer) => {
        const query = filterQuery(this.state, layer, ['class']);
        query.set('view', view);
        countsByName(layer, await this.api.summary(layer.name, query, null, signal), counts);
      }));
      this.legend.show(counts);
      this.counts = counts;
      this.choose();
      this.tell();
    } catch (error) {
      if (error.name !== 'AbortError') this.fail(error);
    }
  }

  /** Objects in view that are not hidden. */
  total() {
    const hidden = this.state.get('hidden');
    let total = 0;
    for (const [name, count] of this.counts) if (!hidden.includes(name)) total += count;
    return total;
  }

  /** Places or density, alike in all tiles. */
  choose() {
    const dense = this.total() > MANY;
    if (dense === this.dense) return;
    this.dense = dense;
    for (const tiles of this.points) tiles.setQuery(this.tileQuery(tiles.layer));
  }

  /** What is seen, in words. */
  tell() {
    if (!this.counts || this.points.some((tiles) => tiles._map && tiles.isLoading())) return;
    const total = this.total();
    const parts = this.points.filter((tiles) => tiles._map).map((tiles) => tiles.shown());
    const sent = parts.reduce((n, p) => n + p.sent, 0), matched = parts.reduce((n, p) => n + p.matched, 0);
    let text = total === 0 ? 'No objects in view.' : `${total.toLocaleString('en')} objects in view`;
    if (sent < matched) text += `; of ${matched.toLocaleString('en')} places ${sent.toLocaleString('en')} are drawn`;
    const dense = parts.some((p) => p.dense);
    if (dense) text += '; coloured by density, zoom in for single ones';
    byId('density').hidden = !dense;
    this.say(text);
  }

  // ---- what people do

  listen() {
    const keepView = () => {
      const c = this.map.getCenter();
      this.state.set({view: [this.map.getZoom(), Number(c.lat.toFixed(6)), Number(c.lng.toFixed(6))]});
    };
    keepView();
    this.map.on('moveend', keepView);
    this.map.on('click', ({latlng}) => this.pick(latlng));
    this.map.on('mousemove', ({latlng}) => this.hover(latlng));
    this.state.addEventListener('change', ({detail}) => this.changed(detail));
    this.draw.addEventListener('drawn', ({detail}) => this.state.set({polygon: detail}));
    this.draw.addEventListener('state', () => this.buttons());
    byId('draw-polygon').addEventListener('click', () => this.toggleDraw('polygon'));
    byId('draw-circle').addEventListener('click', () => this.toggleDraw('circle'));
    byId('draw-finish').addEventListener('click', () => this.draw.finish());
    byId('draw-clear').addEventListener('click', () => this.state.set({polygon: null}));
    byId('help-open').addEventListener('click', () => byId('help').showModal());
    byId('mode').value = this.state.get('mode');
    byId('mode').addEventListener('change', () => this.state.set({mode: byId('mode').value}));
    document.addEventListener('keydown', (event) => this.key(event));
    window.addEventListener('hashchange', () => location.reload()); // one that somebody entered
    this.buttons();
  }

  changed(what) {
    if (['hidden', 'score', 'time', 'mode'].some((name) => what.has(name))) this.filter();
    else if (what.has('view')) this.refresh();
    if (['hidden', 'score', 'time', 'polygon', 'off'].some((name) => what.has(name))) this.selection.update();
    if (['hidden', 'score', 'time'].some((name) => what.has(name))) this.card.renew();
    else if (what.has('feature')) this.card.update();
    this.buttons();
  }

  toggleDraw(kind) {
    if (this.draw.kind === kind) this.draw.stop();
    else this.draw.start(kind);
  }

  buttons() {
    const {kind} = this.draw;
    byId('draw-polygon').setAttribute('aria-pressed', String(kind === 'polygon'));
    byId('draw-circle').setAttribute('aria-pressed', String(kind === 'circle'));
    byId('draw-finish').hidden = kind !== 'polygon';
    byId('draw-clear').hidden = !this.state.get('polygon');
  }

  /** The topmost layer's object at a place. */
  find(latlng) {
    for (const tiles of [...this.points].reverse()) {
      const found = tiles._map && tiles.find(latlng);
      if (found) return {...found, layer: tiles.layer.name};
    }
    return null;
  }

  /** The single objects in view, of all layers. */
  objects() {
    return this.points.filter((tiles) => tiles._map).flatMap((tiles) =>
      tiles.inView().map((object) => ({...object, layer: tiles.layer.name})));
  }

  pick(latlng) {
    if (this.draw.kind) return;
    const found = this.find(latlng);
    if (found?.dense) this.map.setView(latlng, this.map.getZoom() + 2);
    else if (found) this.state.set({feature: {layer: found.layer, row: found.row}});
  }

  hover(latlng) {
    if (this.draw.kind) return;
    const found = this.find(latlng), single = found && !found.dense;
    this.map.getContainer().classList.toggle('over', Boolean(found));
    this.tip ??= L.tooltip({direction: 'top', offset: [0, -8]});
    if (!single) {
      this.tip.remove();
      return;
    }
    const text = document.createElement('span');
    text.textContent = `${found.className ?? 'no class'}${Number.isNaN(found.score) ? '' : ` ${found.score.toFixed(2)}`}`;
    this.tip.setLatLng(latlng).setContent(text).addTo(this.map);
  }

  key(event) {
    const {target, key} = event, onMap = byId('map').contains(target) && target === byId('map');
    if (event.ctrlKey || event.metaKey || event.altKey || byId('help').open) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && key !== 'Escape') return;
    const act = {
      p: () => this.toggleDraw('polygon'),
      o: () => this.toggleDraw('circle'),
      f: () => this.draw.finish(),
      Backspace: () => this.draw.undo(),
      Escape: () => (this.draw.kind ? this.draw.stop() : this.state.set({feature: null})),
      '[': () => this.card.step(-1),
      ']': () => this.card.step(1),
      '?': () => byId('help').showModal(),
      v: () => byId('walk').focus(),
      ' ': () => onMap && this.histograms.time?.play(),
      Enter: () => onMap && this.draw.add(this.map.getCenter()),
    }[key.length === 1 ? key.toLowerCase() : key];
    if (!act || ([' ', 'Enter'].includes(key) && !onMap)) return;
    event.preventDefault();
    act();
  }

  theme() {
    const button = byId('theme'), names = {auto: 'Auto', light: 'Light', dark: 'Dark'};
    const apply = () => {
      const theme = this.state.get('theme');
      document.documentElement.dataset.theme = theme;
      button.textContent = names[theme];
      button.setAttribute('aria-label', `Colours: ${names[theme].toLowerCase()}`);
    };
    button.addEventListener('click', () => {
      this.state.set({theme: THEMES[(THEMES.indexOf(this.state.get('theme')) + 1) % THEMES.length]});
      apply();
    });
    apply();
  }
}

new Page().start();

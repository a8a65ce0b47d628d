// state.js - what the page shows, kept in its address. SPDX-License-Identifier: Apache-2.0

const LISTS = ['hidden', 'off'];
const LONGEST = 8000; // of an address, in characters: longer ones are cut or refused on their way
const LAST_MS = 8.64e15; // of a Date, ECMA-262

/** Fires "change" with the names of what changed in `detail`. */
export class State extends EventTarget {
  constructor() {
    super();
    this.values = {view: null, hidden: [], off: [], opacity: {}, score: null, time: null, mode: 'auto',
      polygon: null, feature: null, theme: 'auto'};
    this.read();
  }

  get(name) {
    return this.values[name];
  }

  set(changes) {
    const changed = Object.keys(changes).filter(
      (name) => JSON.stringify(this.values[name]) !== JSON.stringify(changes[name]));
    if (changed.length === 0) return;
    Object.assign(this.values, changes);
    this.write();
    this.dispatchEvent(new CustomEvent('change', {detail: new Set(changed)}));
  }

  /** What an address holds that nobody wrote is passed over. */
  read() {
    const from = new URLSearchParams(location.hash.slice(1));
    const numbers = (name, n) => {
      const list = (from.get(name) || '').split('/').map(Number);
      return list.length === n && list.every(Number.isFinite) ? list : null;
    };
    const v = this.values;
    v.view = numbers('view', 3);
    v.score = numbers('score', 2);
    v.time = numbers('time', 2);
    if (v.time?.some((t) => Math.abs(t) > LAST_MS)) v.time = null;
    for (const name of LISTS) v[name] = from.getAll(name);
    for (const item of from.getAll('opacity')) {
      const at = item.lastIndexOf('/'), value = Number(item.slice(at + 1));
      if (at > 0 && value >= 0 && value <= 1) v.opacity[item.slice(0, at)] = value;
    }
    if (['points', 'density'].includes(from.get('mode'))) v.mode = from.get('mode');
    if (['light', 'dark'].includes(from.get('theme'))) v.theme = from.get('theme');
    const corners = (from.get('polygon') || '').split(',').map(Number);
    if (corners.length >= 6 && corners.length % 2 === 0 && corners.every(Number.isFinite))
      v.polygon = Array.from({length: corners.length / 2}, (_, i) => corners.slice(2 * i, 2 * i + 2));
    const feature = /^(.+)\/(\d+)$/.exec(from.get('feature') || '');
    v.feature = feature ? {layer: feature[1], row: Number(feature[2])} : null;
  }

  /** Classes are left out where they make the address too long; the page goes on with them. */
  write() {
    const to = new URLSearchParams(), v = this.values;
    for (const name of ['view', 'score', 'time']) if (v[name]) to.set(name, v[name].join('/'));
    for (const name of LISTS) for (const item of v[name]) to.append(name, item);
    for (const [name, value] of Object.entries(v.opacity)) to.append('opacity', `${name}/${value}`);
    if (v.mode !== 'auto') to.set('mode', v.mode);
    if (v.theme !== 'auto') to.set('theme', v.theme);
    if (v.polygon) to.set('polygon', v.polygon.flat().map((x) => Number(x.toFixed(7))).join(','));
    if (v.feature) to.set('feature', `${v.feature.layer}/${v.feature.row}`);
    const address = (query) => new URL(`#${query}`, location.href).href;
    if (address(to).length > LONGEST) to.delete('hidden');
    history.replaceState(null, '', address(to));
  }
}

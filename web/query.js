// query.js - the state as parameters of the server. SPDX-License-Identifier: Apache-2.0

/** The filter of a layer; `without` are parts that are left out: "class", "score", "time". */
export function filterQuery(state, layer, without = []) {
  const query = new URLSearchParams();
  if (!without.includes('class')) addClasses(query, state.get('hidden'), layer);
  const score = state.get('score'), time = state.get('time');
  if (score && layer.scores && !without.includes('score')) query.set('score', score.join('/'));
  if (time && layer.times && !without.includes('time'))
    query.set('datetime', time.map((t) => new Date(t).toISOString()).join('/'));
  return query;
}

/** No class of the layer is shown: what it holds need not be asked. */
export function showsNone(state, layer) {
  const {shown, gone} = parted(state.get('hidden'), layer);
  return gone.length > 0 && shown.length === 0;
}

/** A layer's classes that are shown, and those that are not. */
function parted(hidden, layer) {
  const names = layer.classes.map((c) => c.name), all = new Set(hidden);
  if (layer.without_class > 0) names.push('');
  return {shown: names.filter((name) => !all.has(name)), gone: names.filter((name) => all.has(name))};
}

/** Whichever list is shorter. Where no class is shown: those that are one and are not, which no row is. */
function addClasses(query, hidden, layer) {
  const {shown, gone} = parted(hidden, layer);
  const add = (parameter, names) => names.forEach((name) => query.append(parameter, name));
  if (gone.length === 0) return;
  if (shown.length === 0) {
    add('class', gone.slice(0, 1));
    add('not', gone.slice(0, 1));
  } else if (shown.length < gone.length) {
    add('class', shown);
  } else {
    add('not', gone);
  }
}

/** A map's bounds as W,S,E,N. */
export function boundsText(bounds) {
  const clamp = (x, most) => Math.max(-most, Math.min(most, x)).toFixed(7);
  return [clamp(bounds.getWest(), 540), clamp(bounds.getSouth(), 90), clamp(bounds.getEast(), 540),
    clamp(bounds.getNorth(), 90)].join(',');
}

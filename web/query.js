// query.js - the state as parameters of the server, and its counts. SPDX-License-Identifier: Apache-2.0

const MOST = 200; // classes in an address, of whose 256 parameters others need some

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

/** A layer's classes that are shown, and those that are not; '' stands for objects without one. */
function parted(hidden, layer) {
  const names = new Set(layer.classes.map((c) => c.name)), all = new Set(hidden);
  if (layer.without_class > 0) names.add('');
  return {shown: [...names].filter((name) => !all.has(name)), gone: [...names].filter((name) => all.has(name))};
}

/** One of both lists. Where no class is shown: those that are one and are not, which no row is. */
function addClasses(query, hidden, layer) {
  const {shown, gone} = parted(hidden, layer);
  const add = (parameter, names) => names.forEach((name) => query.append(parameter, name));
  if (gone.length === 0) return;
  if (shown.length === 0) {
    add('class', gone.slice(0, 1));
    add('not', gone.slice(0, 1));
  } else if (byShown(shown, gone, layer)) {
    add('class', shown);
  } else {
    add('not', gone);
  }
}

/**
 * Whether to name the classes that are shown: where they are fewer. Where a layer has empty texts and NULL, the server's ''
 * is the former alone: NULL passes where those that are not shown are named, and not where those that are.
 */
function byShown(shown, gone, layer) {
  const both = layer.without_class > 0 && layer.classes.some(({name}) => name === '');
  if (both && !gone.includes('') && gone.length <= MOST) return false;
  if (both && gone.includes('') && shown.length <= MOST) return true;
  return shown.length < gone.length;
}

/** Adds a summary's counts to those by name, with '' for objects without a class. */
export function countsByName(layer, {classes}, counts = new Map()) {
  for (const {class: id, count} of classes) {
    const name = id < 0 ? '' : layer.classes[id].name;
    counts.set(name, (counts.get(name) || 0) + count);
  }
  return counts;
}

/** A map's bounds as W,S,E,N. */
export function boundsText(bounds) {
  const clamp = (x, most) => Math.max(-most, Math.min(most, x)).toFixed(7);
  return [clamp(bounds.getWest(), 540), clamp(bounds.getSouth(), 90), clamp(bounds.getEast(), 540),
    clamp(bounds.getNorth(), 90)].join(',');
}

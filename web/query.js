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

/** Whichever list is shorter: the classes that are shown, or those that are not. */
function addClasses(query, hidden, layer) {
  const names = layer.classes.map((c) => c.name);
  if (layer.without_class > 0) names.push('');
  const gone = names.filter((name) => hidden.includes(name));
  const shown = names.filter((name) => !hidden.includes(name));
  if (gone.length === 0) return;
  if (shown.length > 0 && shown.length < gone.length)
    for (const name of shown) query.append('class', name);
  else
    for (const name of gone) query.append('not', name);
}

/** A map's bounds as W,S,E,N. */
export function boundsText(bounds) {
  const clamp = (x, most) => Math.max(-most, Math.min(most, x)).toFixed(7);
  return [clamp(bounds.getWest(), 540), clamp(bounds.getSouth(), 90), clamp(bounds.getEast(), 540),
    clamp(bounds.getNorth(), 90)].join(',');
}

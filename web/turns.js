// turns.js - which turn round the globe a shape is drawn on. SPDX-License-Identifier: Apache-2.0

function turned(coordinates, lon) {
  const turn = (x) => 360 * Math.round((lon - x) / 360);
  if (typeof coordinates[0] === 'number') return [coordinates[0] + turn(coordinates[0]), coordinates[1]];
  if (typeof coordinates[0]?.[0] !== 'number') return coordinates.map((part) => turned(part, lon));
  const low = coordinates.reduce((least, [x]) => Math.min(least, x), Infinity);
  const high = coordinates.reduce((most, [x]) => Math.max(most, x), -Infinity);
  return coordinates.map(([x, y]) => [x + turn((low + high) / 2), y]);
}

/** A GeoJSON geometry whose points, lines and rings are those of their copies that lie nearest to a longitude. */
export function turnedTo(geometry, lon) {
  if (!geometry) return geometry;
  if (geometry.geometries) return {...geometry, geometries: geometry.geometries.map((g) => turnedTo(g, lon))};
  return {...geometry, coordinates: turned(geometry.coordinates, lon)};
}

// draw_tool.js - polygons and circles drawn on the map. SPDX-License-Identifier: Apache-2.0
import * as L from './leaflet.js';

const CORNERS = 64, LINE = {color: '#d81b60', weight: 2, fillOpacity: 0.12};

/** A circle on the ground as a polygon of [lon, lat], on the sphere that Leaflet measures on. */
function circleRing(centre, radius) {
  const R = L.CRS.Earth.R, rad = Math.PI / 180, d = radius / R, ring = [];
  const lat = centre.lat * rad, lon = centre.lng * rad;
  for (let i = 0; i < CORNERS; i++) {
    const a = -2 * Math.PI * i / CORNERS;
    const y = Math.asin(Math.sin(lat) * Math.cos(d) + Math.cos(lat) * Math.sin(d) * Math.cos(a));
    const x = lon + Math.atan2(Math.sin(a) * Math.sin(d) * Math.cos(lat), Math.cos(d) - Math.sin(lat) * Math.sin(y));
    ring.push([x / rad, y / rad]);
  }
  return ring;
}

/** Fires "drawn" with the ring, [[lon, lat], …], in `detail`; "state" when drawing begins or ends. */
export class DrawTool extends EventTarget {
  constructor(map) {
    super();
    Object.assign(this, {map, kind: null, points: [], shape: null});
    map.on('click', (event) => this.add(event.latlng));
    map.on('mousemove', (event) => this.#sketch(event.latlng));
    map.on('dblclick', () => this.kind === 'polygon' && this.finish());
  }

  start(kind) {
    this.stop();
    this.kind = kind;
    this.map.doubleClickZoom.disable();
    this.map.getContainer().classList.add('drawing');
    this.dispatchEvent(new Event('state'));
  }

  stop() {
    if (this.kind) setTimeout(() => this.map.doubleClickZoom.enable());
    this.kind = null;
    this.points = [];
    this.shape?.remove();
    this.shape = null;
    this.map.getContainer().classList.remove('drawing');
    this.dispatchEvent(new Event('state'));
  }

  add(latlng) {
    if (!this.kind) return;
    const last = this.points.at(-1);
    if (last && last.equals(latlng)) return;
    this.points.push(latlng);
    this.#sketch(latlng);
    if (this.kind === 'circle' && this.points.length === 2) this.finish();
  }

  undo() {
    this.points.pop();
    this.#sketch(null);
  }

  finish() {
    const points = this.points;
    let ring = null;
    if (this.kind === 'circle' && points.length === 2)
      ring = circleRing(points[0], this.map.distance(points[0], points[1]));
    else if (this.kind === 'polygon' && points.length >= 3)
      ring = points.map((p) => [p.lng, p.lat]);
    if (!ring) return;
    this.stop();
    this.dispatchEvent(new CustomEvent('drawn', {detail: ring}));
  }

  #sketch(latlng) {
    if (!this.kind) return;
    this.shape?.remove();
    this.shape = null;
    const points = latlng ? [...this.points, latlng] : this.points;
    if (points.length === 0 || this.points.length === 0) return;
    this.shape = this.kind === 'circle' ?
      L.circle(points[0], {...LINE, radius: this.map.distance(points[0], points.at(-1)), interactive: false}) :
      L.polygon(points, {...LINE, interactive: false});
    this.shape.addTo(this.map);
  }
}

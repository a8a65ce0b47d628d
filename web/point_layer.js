// point_layer.js - the tiles of a layer of detections, on canvas. SPDX-License-Identifier: Apache-2.0
import * as L from './leaflet.js';

const HEAD = 16, RECORD = 16, SIDE = 256, NO_CLASS = 65535, NEAR_PX = 9;
const EDGE = 8; // pixels round a tile, for marks that reach over its border

/** A tile's records (docs/map.md), as columns. */
function readRecords(buffer) {
  const view = new DataView(buffer), n = view.getUint32(8, true);
  const points = {n, matched: view.getUint32(12, true), row: new Uint32Array(n), x: new Float32Array(n),
    y: new Float32Array(n), score: new Float32Array(n), classId: new Uint16Array(n)};
  for (let i = 0; i < n; i++) {
    const at = HEAD + i * RECORD;
    points.row[i] = view.getUint32(at, true);
    points.x[i] = view.getUint16(at + 4, true) * SIDE / 65536;
    points.y[i] = view.getUint16(at + 6, true) * SIDE / 65536;
    points.score[i] = view.getFloat32(at + 8, true);
    points.classId[i] = view.getUint16(at + 12, true);
  }
  return points;
}

/** The server says what a tile is: places, as records, or a picture of how dense they lie. */
export class PointLayer extends L.GridLayer {
  constructor(api, layer, palette, options) {
    super({maxZoom: 24, keepBuffer: 1, ...options});
    Object.assign(this, {api, layer, palette, query: ''});
    this.on('tileunload', (event) => event.tile.asked?.abort());
  }

  /** Tiles are asked anew where the filter is another one; null: none are, and they are empty. */
  setQuery(query) {
    if (this.query === query) return;
    this.query = query;
    this.redraw();
  }

  createTile(coords, done) {
    const tile = document.createElement('canvas');
    const scale = window.devicePixelRatio || 1;
    tile.width = tile.height = (SIDE + 2 * EDGE) * scale;
    tile.asked = new AbortController();
    this.loadTile(tile, coords, scale).then(() => done(null, tile), (error) => {
      if (error.name !== 'AbortError') this.fire('failure', {error});
      done(error, tile);
    });
    return tile;
  }

  _initTile(tile) {
    super._initTile(tile);
    Object.assign(tile.style, {width: `${SIDE + 2 * EDGE}px`, height: `${SIDE + 2 * EDGE}px`, margin: `-${EDGE}px`});
  }

  async loadTile(tile, {z, x, y}, scale) {
    const count = 2 ** z;
    if (y < 0 || y >= count || this.query === null) return;
    const answer = await this.api.pointTile(this.layer.name, z, ((x % count) + count) % count, y,
      this.query, tile.asked.signal);
    const context = tile.getContext('2d');
    context.scale(scale, scale);
    context.translate(EDGE, EDGE);
    if (answer.headers.get('Content-Type') === 'image/png') {
      context.drawImage(await createImageBitmap(await answer.blob()), 0, 0, SIDE, SIDE);
      tile.dense = true;
      return;
    }
    tile.points = readRecords(await answer.arrayBuffer());
    this.drawPoints(context, tile.points, z);
  }

  /** null: none, or an empty text. */
  className(id) {
    return id === NO_CLASS ? null : this.layer.classes[id].name || null;
  }

  /** Later layers are drawn as squares, a little larger, with a white line where others have a black one, so that not
      colour alone tells them apart. Round the line is one of the other shade, so that marks are seen on any ground. */
  drawPoints(context, points, zoom) {
    const {square} = this.options, r = Math.max(2, Math.min(5.5, 2 + (zoom - 13) * 0.45)) + (square ? 1 : 0);
    const line = r > 3 ? 1.25 : 0.75, outline = (style, width) => {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke();
    };
    for (let i = 0; i < points.n; i++) {
      context.fillStyle = this.palette.of(this.className(points.classId[i]));
      context.beginPath();
      if (square) context.rect(points.x[i] - r, points.y[i] - r, 2 * r, 2 * r);
      else context.arc(points.x[i], points.y[i], r, 0, 2 * Math.PI);
      outline(square ? '#000000' : '#ffffff', square ? 3 * line : 2 * line);
      context.fill();
      outline(square ? '#ffffff' : '#000000', line);
    }
  }

  /** The tiles that are seen, and where they lie. */
  seenTiles() {
    return Object.values(this._tiles).filter((t) => t.current);
  }

  /** The object nearest to a place of the map: {row, className, score}; {dense: true} over a picture. */
  find(latlng) {
    const at = this._map.project(latlng, this._map.getZoom());
    let best = null, nearest = NEAR_PX * NEAR_PX, dense = false;
    for (const {coords, el} of this.seenTiles()) {
      if (coords.z !== Math.round(this._map.getZoom())) continue;
      const x = at.x - coords.x * SIDE, y = at.y - coords.y * SIDE;
      if (el.dense && x >= 0 && y >= 0 && x < SIDE && y < SIDE) dense = true;
      const p = el.points;
      for (let i = 0; p && i < p.n; i++) {
        const d = (p.x[i] - x) ** 2 + (p.y[i] - y) ** 2;
        if (d >= nearest) continue;
        nearest = d;
        best = {row: p.row[i], className: this.className(p.classId[i]), score: p.score[i]};
      }
    }
    return best || (dense ? {dense} : null);
  }

  /** The objects that lie in view: [{row, className, score, latlng}]. */
  inView() {
    const zoom = Math.round(this._map.getZoom()), bounds = this._map.getBounds(), found = [];
    for (const {coords, el: {points: p}} of this.seenTiles()) {
      if (coords.z !== zoom || !p) continue;
      for (let i = 0; i < p.n; i++) {
        const latlng = this._map.unproject([coords.x * SIDE + p.x[i], coords.y * SIDE + p.y[i]], zoom);
        if (bounds.contains(latlng)) found.push({row: p.row[i], className: this.className(p.classId[i]), score: p.score[i], latlng});
      }
    }
    return found;
  }

  /** How many objects the seen tiles show, and how many there are in them. */
  shown() {
    let sent = 0, matched = 0, dense = false;
    for (const {el} of this.seenTiles()) {
      dense ||= Boolean(el.dense);
      sent += el.points?.n || 0;
      matched += el.points?.matched || 0;
    }
    return {sent, matched, dense};
  }
}

// api.js - the server's answers. SPDX-License-Identifier: Apache-2.0

const JSON_BODY = {'Content-Type': 'application/geo+json'};

export class ApiError extends Error {}

/** Asks the server; what fails is an ApiError with the server's own message. */
export class Api {
  /** `answered(asked)` is told when a question that was answered well was asked, by performance.now(). */
  constructor(answered) {
    this.answered = answered;
  }

  async ask(path, options = {}) {
    const asked = performance.now();
    let answer;
    try {
      answer = await fetch(path, options);
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new ApiError('The server does not answer. Is elcano serve still running?');
    }
    if (answer.ok) {
      this.answered(asked);
      return answer;
    }
    let text = `The server answered ${answer.status}.`;
    try {
      text = (await answer.json()).description || text;
    } catch { /* an answer that is no JSON has no message */ }
    throw new ApiError(text);
  }

  async info() {
    return (await this.ask('/info.json')).json();
  }

  async zones(name) {
    return (await this.ask(`/layers/zones/${encodeURIComponent(name)}`)).json();
  }

  /** Counts by class of a layer; `polygon` is a GeoJSON geometry or null. */
  async summary(layer, query, polygon, signal) {
    const path = `/layers/summary/${encodeURIComponent(layer)}?${query}`;
    return (await this.ask(path, {...this.#body(polygon), signal})).json();
  }

  async download(layer, query, polygon) {
    const path = `/layers/download/${encodeURIComponent(layer)}?${query}`;
    return (await this.ask(path, this.#body(polygon))).blob();
  }

  async feature(layer, row) {
    return (await this.ask(`/ogc/collections/${encodeURIComponent(layer)}/items/${row}`)).json();
  }

  async items(layer, query) {
    return (await this.ask(`/ogc/collections/${encodeURIComponent(layer)}/items?${query}`)).json();
  }

  pointTile(layer, z, x, y, query, signal) {
    return this.ask(`/tiles/points/${encodeURIComponent(layer)}/${z}/${x}/${y}?${query}`, {signal});
  }

  #body(polygon) {
    return polygon ? {method: 'POST', headers: JSON_BODY, body: JSON.stringify(polygon)} : {};
  }
}

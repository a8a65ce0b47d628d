// palette.js - a colour for each class. SPDX-License-Identifier: Apache-2.0

// Okabe and Ito 2008, less black, and five that are apart from them.
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7',
  '#9b5de5', '#8d5524', '#b5e48c', '#ff5d8f', '#2ec4b6'];
const OTHERS = '#9aa0a6';

/** Classes by falling number of objects; those after the twelfth share one colour, also of objects without one. */
export class Palette {
  #colours = new Map();

  constructor(layers) {
    const counts = new Map();
    for (const layer of layers)
      for (const {name, count} of layer.classes) if (name !== '') counts.set(name, (counts.get(name) || 0) + count);
    this.names = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
    this.names.forEach((name, i) => this.#colours.set(name, COLOURS[i] || OTHERS));
  }

  /** null and '' stand for objects without a class. */
  of(name) {
    return this.#colours.get(name) || OTHERS;
  }
}

// density_key.js - what the colours of density tiles say. SPDX-License-Identifier: Apache-2.0

/** `colours` at equal steps of the logarithm, from one object in a square of the tiles to `most`. */
export function fillDensityKey(element, {colours, most}) {
  const bar = document.createElement('span');
  bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
  bar.setAttribute('aria-hidden', 'true');
  element.append('1', bar, `${most.toLocaleString('en')} or more in a square`);
}

// legend.js - classes, their colours, and how many are in view. SPDX-License-Identifier: Apache-2.0

const MOST = 60;

function swatch(colour) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 14;
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.strokeStyle = '#000000';
  context.beginPath();
  context.arc(7, 7, 5.5, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
}

/** Objects whose class is NULL or an empty text. */
const hasObjectsWithout = (layer) => layer.without_class > 0 || layer.classes.some(({name}) => name === '');

/** Names are text of files: they are only ever set as text. */
export class Legend {
  #counts = new Map();

  constructor(element, palette, layers, state) {
    Object.assign(this, {element, palette, state});
    const names = palette.names.slice(0, MOST), without = layers.some(hasObjectsWithout);
    if (without) names.push('');
    this.names = [...palette.names, ...(without ? [''] : [])];
    for (const name of names) this.#add(name);
    if (palette.names.length > MOST) this.#addText(`and ${palette.names.length - MOST} more classes`);
    if (names.length === 0) this.#addText('No classes.');
  }

  #addText(text) {
    const item = document.createElement('li');
    item.textContent = text;
    this.element.append(item);
  }

  #add(name) {
    const item = document.createElement('li'), label = document.createElement('label');
    const box = document.createElement('input'), text = document.createElement('span');
    const count = document.createElement('span'), only = document.createElement('button');
    box.type = 'checkbox';
    box.checked = !this.state.get('hidden').includes(name);
    box.addEventListener('change', () => {
      const hidden = this.state.get('hidden').filter((other) => other !== name);
      this.state.set({hidden: box.checked ? hidden : [...hidden, name]});
    });
    text.className = 'name';
    text.textContent = text.title = name === '' ? 'no class' : name;
    count.className = 'count';
    only.type = 'button';
    only.textContent = 'only';
    only.setAttribute('aria-label', `Only ${text.textContent}`);
    only.addEventListener('click', () => this.#showOnly(name));
    label.append(box, swatch(this.palette.of(name)), text);
    item.append(label, count, only);
    this.element.append(item);
    this.#counts.set(name, {box, count});
  }

  /** A second time, all are shown again. */
  #showOnly(name) {
    const others = this.names.filter((other) => other !== name);
    const is = this.state.get('hidden').length === others.length && !this.state.get('hidden').includes(name);
    this.state.set({hidden: is ? [] : others});
    for (const [key, {box}] of this.#counts) box.checked = is || key === name;
  }

  /** Counts by name. */
  show(counts) {
    for (const [name, {count}] of this.#counts) count.textContent = (counts.get(name) || 0).toLocaleString('en');
  }
}

// layer_list.js - which layers are shown, and how opaque. SPDX-License-Identifier: Apache-2.0

/** A row for each layer: a box to tick, and a slider. */
export class LayerList {
  constructor(element, state) {
    this.element = element;
    this.state = state;
  }

  /** `key` names the layer in the state; `apply(shown, opacity)` shows it so. */
  add(key, title, note, opacity, apply) {
    const row = document.createElement('div');
    row.className = 'layer';
    const label = document.createElement('label'), box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = !this.state.get('off').includes(key);
    const text = document.createElement('span'), small = document.createElement('small');
    text.textContent = `${title} `;
    small.textContent = note;
    text.append(small);
    label.append(box, text);
    const slider = document.createElement('input');
    Object.assign(slider, {type: 'range', min: 0, max: 1, step: 0.05});
    slider.value = this.state.get('opacity')[key] ?? opacity;
    slider.setAttribute('aria-label', `Opacity of ${title}`);
    const update = () => apply(box.checked, Number(slider.value));
    box.addEventListener('change', () => {
      const off = this.state.get('off').filter((name) => name !== key);
      this.state.set({off: box.checked ? off : [...off, key]});
      update();
    });
    slider.addEventListener('input', () => {
      this.state.set({opacity: {...this.state.get('opacity'), [key]: Number(slider.value)}});
      update();
    });
    row.append(label, slider);
    this.element.append(row);
    update();
  }
}

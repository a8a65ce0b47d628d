// heat.js - a heatmap on a map. SPDX-License-Identifier: Apache-2.0
// It stands behind Leaflet's module, in the same script (src/map/page.c), and so it uses
// Leaflet's names without an import: a page opened from disk may import nothing.
{
  const byId = (id) => document.getElementById(id);
  const OSM = 'https://tile.openstreetmap.org/{z}/{x}/{y}.png';
  const CREDIT = '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors';

  /** The largest of 1, 2 and 5 times a power of ten that is not over `most`. */
  const roundStep = (most) => {
    const ten = 10 ** Math.floor(Math.log10(most));
    return ten * (most / ten >= 5 ? 5 : most / ten >= 2 ? 2 : 1);
  };

  const POWERS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

  /** The power of ten that values are written in: 0 where they can be read as they are. */
  const powerOf = (highest) => (highest < 1e-4 || highest >= 1e15 ? Math.floor(Math.log10(highest)) : 0);

  /** "10⁻⁷ " */
  const asUnit = (power) => (power === 0 ? '' :
    `10${power < 0 ? '⁻' : ''}${[...String(Math.abs(power))].map((digit) => POWERS[digit]).join('')} `);

  /** The highest value in four digits, or all before the point. */
  const writeHighest = (value) => value.toLocaleString('en', value >= 1e7 ? {notation: 'compact', maximumSignificantDigits: 4}
    : value >= 1e4 ? {maximumFractionDigits: 0} : {maximumSignificantDigits: 4});

  /** Values up to `highest` in few letters: 0.0002, 1,500, 300K. */
  const writeTick = (value, highest) => Number(value.toPrecision(6)).toLocaleString('en',
    {maximumSignificantDigits: 6, ...(highest >= 1e5 ? {notation: 'compact'} : {})});

  class Page {
    constructor(data) {
      const [west, south, east, north] = data.bounds;
      this.data = data;
      this.bounds = [[south, west], [north, east]];
      byId('title').textContent = data.title;
      byId('bar').src = data.bar;
      this.map = createMap('map', {maxZoom: 22, zoomSnap: 0.25, wheelPxPerZoomLevel: 120});
      this.map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
      scale({imperial: false, maxWidth: 160}).addTo(this.map);
      this.map.fitBounds(this.bounds);
      this.base = tileLayer(OSM, {maxZoom: 22, maxNativeZoom: 19, attribution: CREDIT});
      this.heat = imageOverlay(data.bands[0].picture, this.bounds, {alt: '', zIndex: 2}).addTo(this.map);
      this.listBands();
      this.listen();
      this.show(0);
    }

    listBands() {
      byId('band-row').hidden = this.data.bands.length < 2;
      byId('band').append(...this.data.bands.map(({name}, i) => {
        const option = document.createElement('option');
        option.value = i;
        option.textContent = name === '' ? 'empty text' : name ?? 'no value';
        return option;
      }));
    }

    listen() {
      const opacity = () => {
        const share = byId('opacity').value / 100;
        this.heat.setOpacity(share);
        byId('bar').style.opacity = share;
        byId('grey').style.setProperty('--share', share);
      };
      byId('band').addEventListener('change', () => this.show(Number(byId('band').value)));
      byId('opacity').addEventListener('input', opacity);
      byId('osm').addEventListener('change', () => {
        if (byId('osm').checked) this.base.addTo(this.map);
        else this.base.remove();
      });
      opacity();
    }

    show(index) {
      const {picture, highest, unseen} = this.data.bands[index];
      this.heat.setUrl(picture);
      byId('unseen').hidden = !unseen;
      this.legend(highest);
    }

    legend(value) {
      byId('legend').hidden = !(value > 0);
      byId('nothing').hidden = value > 0;
      if (!(value > 0)) return;
      const power = powerOf(value), highest = value / 10 ** power, step = roundStep(highest / 2);
      const unit = this.data.unit.replace('km2', 'km²');
      byId('unit').textContent = `${asUnit(power)}${unit}, at most ${writeHighest(highest)}`;
      this.ticks(highest, step);
      if (!this.fit()) this.ticks(highest, 2 * step);
    }

    /** A tick at each whole step, its label beneath it, or within the bar's ends. */
    ticks(highest, step) {
      const ticks = [];
      for (let i = 0; i * step <= highest * (1 + 1e-9); i++) {
        const tick = document.createElement('li'), label = document.createElement('span');
        const at = Math.min(i * step / highest, 1);
        label.textContent = writeTick(i * step, highest);
        label.style.transform = `translateX(${i === 0 ? 0 : at > 0.9 ? -100 : -50}%)`;
        tick.style.left = `${100 * at}%`;
        tick.append(label);
        ticks.push(tick);
      }
      byId('ticks').replaceChildren(...ticks);
    }

    fit() {
      const boxes = [...byId('ticks').querySelectorAll('span')].map((label) => label.getBoundingClientRect());
      return boxes.every((box, i) => i === 0 || boxes[i - 1].right + 6 <= box.left);
    }
  }

  new Page(JSON.parse(byId('data').textContent));
}

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
        option.textContent = name === '' ? 'no value' : name;
        return option;
      }));
    }

    listen() {
      const opacity = () => this.heat.setOpacity(byId('opacity').value / 100);
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

    legend(highest) {
      const ticks = [], step = roundStep(highest / 1.5);
      byId('legend').hidden = !(highest > 0);
      for (let i = 0; highest > 0 && i * step <= highest; i++) {
        const tick = document.createElement('li'), at = `${100 * i * step / highest}%`;
        tick.textContent = Number((i * step).toPrecision(6)).toLocaleString('en', {maximumSignificantDigits: 6});
        tick.style.left = at;
        tick.style.transform = `translateX(-${at})`;
        ticks.push(tick);
      }
      byId('ticks').replaceChildren(...ticks);
    }
  }

  new Page(JSON.parse(byId('data').textContent));
}

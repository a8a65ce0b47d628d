// page.test.mjs - what people do with the map, in Chromium. SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {FOLDER, at, close, hash, inView, launch, open, picture, require, rows, serve, settled, status, stopAll,
  until} from './support.mjs';

let browser, town;

before(async () => {
  browser = await launch();
  town = await serve(at('vehicles.geojson'), at('doubtful.geojson'), '--imagery', at('town.tif'), '--zones',
    at('zones.geojson'));
});

after(async () => {
  await browser?.close();
  const code = await town?.stop();
  stopAll();
  assert.equal(code, 0);
});

const vehicles = () => JSON.parse(fs.readFileSync(at('vehicles.geojson'))).features;
const doubtful = () => JSON.parse(fs.readFileSync(at('doubtful.geojson'))).features;

/** Draws a polygon of three corners in the middle of the map. */
async function drawPolygon(page) {
  await page.click('#draw-polygon');
  for (const [x, y] of [[520, 200], [1000, 250], [800, 600]]) {
    await page.mouse.move(x, y);
    await page.mouse.click(x, y);
  }
  await page.click('#draw-finish');
  await page.waitForSelector('#selection .total');
}

/** The total of a layer's table. */
const total = (page, layer) => page.locator(`#selection table:has(caption:text-is("${layer}")) .total`).textContent()
  .then((text) => Number(text.replaceAll(',', '')));

function writePolygon(text) {
  const numbers = text.split(',').map(Number), ring = [];
  for (let i = 0; i < numbers.length; i += 2) ring.push(numbers.slice(i, i + 2));
  const geometry = {type: 'Polygon', coordinates: [[...ring, ring[0]]]};
  fs.writeFileSync(at('drawn.geojson'), JSON.stringify({type: 'FeatureCollection', features: [
    {type: 'Feature', properties: {}, geometry}]}));
  return at('drawn.geojson');
}

test('all objects are in view and counted by class', async () => {
  const page = await open(browser, town.url);
  assert.equal(await inView(page), vehicles().length + doubtful().length);
  const cars = vehicles().filter((f) => f.properties.class === 'car').length;
  assert.equal(Number(await page.locator('#legend li', {hasText: 'car'}).locator('.count').textContent()), cars);
  await picture(page, 'town');
  await close(page);
});

test('names with markup are shown as text', async () => {
  const page = await open(browser, town.url);
  const name = doubtful()[0].properties.class;
  assert.equal(await page.locator('#legend .name', {hasText: '<script>'}).textContent(), name);
  assert.equal(await page.locator('#legend script, #legend img').count(), 0);
  await close(page);
});

test('a class that is not ticked is not counted', async () => {
  const page = await open(browser, town.url), all = await inView(page);
  const cars = vehicles().filter((f) => f.properties.class === 'car').length;
  await page.locator('#legend li', {hasText: 'car'}).locator('input').uncheck();
  await settled(page);
  assert.equal(await inView(page), all - cars);
  assert.equal((await hash(page)).hidden, 'car');
  await page.locator('#legend li', {hasText: 'car'}).locator('button').click();
  await settled(page);
  assert.equal(await inView(page), cars);
  await close(page);
});

test('scores and times filter', async () => {
  const page = await open(browser, town.url);
  await page.locator('#score input').first().fill('500');
  await settled(page);
  const [low] = (await hash(page)).score.split('/').map(Number);
  const wanted = [...vehicles(), ...doubtful()].filter((f) => Math.fround(f.properties.score) >= low).length;
  assert.equal(await inView(page), wanted);
  await page.click('#time button');
  await page.waitForTimeout(1000);
  const first = (await hash(page)).time;
  await page.waitForTimeout(1000);
  assert.notEqual((await hash(page)).time, first);
  await page.click('#time button');
  await settled(page);
  await picture(page, 'filter');
  await close(page);
});

test('what lies within a drawn polygon is what elcano join finds', async () => {
  const page = await open(browser, town.url);
  await drawPolygon(page);
  const drawn = writePolygon((await hash(page)).polygon);
  const joined = rows('join', at('vehicles.geojson'), drawn, '--predicate', 'intersects');
  assert.ok(joined.length > 10);
  assert.equal(await total(page, 'vehicles'), joined.length);
  await picture(page, 'polygon');
  for (const format of ['GeoJSON', 'GeoPackage', 'CSV', 'Parquet']) {
    const [download] = await Promise.all([page.waitForEvent('download'),
      page.click(`button[aria-label="Download vehicles as ${format}"]`)]);
    const file = `${FOLDER}/${download.suggestedFilename()}`.replace('vehicles.', 'downloaded.');
    await download.saveAs(file);
    const n = format === 'CSV' ? fs.readFileSync(file, 'utf8').trim().split('\n').length - 1 : rows('read', file).length;
    assert.equal(n, joined.length, format);
  }
  await page.click('#draw-clear');
  await page.waitForSelector('#selection .total', {state: 'detached'});
  await close(page);
});

test('a circle is drawn by its middle and its edge', async () => {
  const page = await open(browser, town.url);
  await page.keyboard.press('o');
  for (const [x, y] of [[760, 400], [860, 400]]) {
    await page.mouse.move(x, y);
    await page.mouse.click(x, y);
  }
  await page.waitForSelector('#selection .total');
  const drawn = writePolygon((await hash(page)).polygon);
  assert.equal(await total(page, 'vehicles'), rows('join', at('vehicles.geojson'), drawn, '--predicate',
    'intersects').length);
  await close(page);
});

/** Where a row lies in the window. */
async function placeOf(page, feature) {
  const ring = feature.geometry.coordinates[0];
  const [lon, lat] = [0, 1].map((i) => (Math.min(...ring.map((p) => p[i])) + Math.max(...ring.map((p) => p[i]))) / 2);
  const [zoom, mapLat, mapLon] = (await hash(page)).view.split('/').map(Number);
  const box = await page.locator('#map').boundingBox(), size = 256 * 2 ** zoom;
  const x = (l) => (l + 180) / 360 * size;
  const y = (l) => (1 - Math.asinh(Math.tan(l * Math.PI / 180)) / Math.PI) / 2 * size;
  return [box.x + box.width / 2 + x(lon) - x(mapLon), box.y + box.height / 2 + y(lat) - y(mapLat)];
}

test('a click opens an object, with its picture, and others beside it', async () => {
  const page = await open(browser, town.url), wanted = vehicles()[3];
  await page.keyboard.press('Escape');
  await page.focus('#map');
  await page.keyboard.press('+');
  await settled(page);
  await page.mouse.click(...await placeOf(page, wanted));
  await page.waitForSelector('.card');
  await until(page, () => document.querySelector('.card img').naturalWidth === 192, 'the picture');
  assert.match(await page.textContent('.card'), /town\.tif/);
  const first = (await hash(page)).feature;
  await until(page, () => /of/.test(document.querySelector('.card .row').textContent), 'the number of others');
  await picture(page, 'card');
  await page.click('button[aria-label="Next object"]');
  await page.waitForTimeout(500);
  assert.notEqual((await hash(page)).feature, first);
  await page.keyboard.press('[');
  await page.waitForTimeout(500);
  assert.equal((await hash(page)).feature, first);
  await page.keyboard.press('Escape');
  assert.equal((await hash(page)).feature, undefined);
  await close(page);
});

test('an address brings back what was seen', async () => {
  const page = await open(browser, town.url);
  await page.locator('#legend li', {hasText: 'car'}).locator('input').uncheck();
  await page.locator('#score input').first().fill('300');
  await drawPolygon(page);
  await settled(page);
  const seen = [await status(page), await page.textContent('#selection')];
  const other = await open(browser, page.url());
  await other.waitForSelector('#selection .total');
  assert.deepEqual([await status(other), await other.textContent('#selection')], seen);
  await close(other);
  await close(page);
});

test('the map can be used without a mouse', async () => {
  const page = await open(browser, town.url);
  await page.focus('#map');
  await page.keyboard.press('?');
  await page.waitForSelector('#help[open]');
  await page.keyboard.press('Escape');
  await page.focus('#map');
  await page.keyboard.press('p');
  for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowRight']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('f');
  await page.waitForSelector('#selection .total');
  assert.equal((await hash(page)).polygon.split(',').length, 6);
  await close(page);
});

test('an object is found and opened by keys alone', async () => {
  const page = await open(browser, town.url), said = () => page.textContent('#walk-at');
  await page.focus('#map');
  await page.keyboard.press('v');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'walk');
  const count = Number((/^[\d,]+/.exec(await said()) || ['0'])[0]);
  assert.equal(count, vehicles().length + doubtful().length);
  assert.equal(await page.locator('.leaflet-overlay-pane path').count(), 0, 'no ring');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  assert.match(await said(), new RegExp(`, 2 of ${count}$`));
  assert.equal(await page.locator('.leaflet-overlay-pane path').count(), 2, 'a ring of two lines');
  const second = await said();
  await page.keyboard.press('End');
  assert.match(await said(), new RegExp(`, ${count} of ${count}$`));
  await page.keyboard.press('ArrowRight');
  assert.match(await said(), new RegExp(`, 1 of ${count}$`));
  await page.keyboard.press('ArrowRight');
  assert.equal(await said(), second);
  const ring = await page.locator('.leaflet-overlay-pane path').last().boundingBox();
  await picture(page, 'walk');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.card');
  const {feature} = await hash(page), {properties} = [...vehicles(), ...doubtful()][Number(feature.split('/')[1]) +
    (feature.startsWith('doubtful') ? vehicles().length : 0)];
  assert.equal(second, `${properties.class} ${properties.score.toFixed(2)}, 2 of ${count}`);
  assert.ok(ring.width > 20 && ring.width < 40);
  await page.keyboard.press('Escape');
  assert.equal((await hash(page)).feature, undefined);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'walk');
  await page.keyboard.press('Tab');
  assert.equal(await page.locator('.leaflet-overlay-pane path').count(), 0, 'no ring without the focus');
  await close(page);
});

test('where many lie their density is drawn, and places nearer by', async () => {
  const server = await serve(at('many.geojson'));
  const page = await open(browser, server.url);
  assert.match(await status(page), /^20,000 objects in view; coloured by density/);
  assert.match(await page.locator('#density').textContent(), /^11,024 or more/);
  await picture(page, 'density');
  for (let i = 0; i < 8 && /density/.test(await status(page)); i++) {
    await page.focus('#map');
    await page.keyboard.press('+');
    await settled(page);
  }
  assert.doesNotMatch(await status(page), /density/);
  assert.equal(await page.locator('#density').isHidden(), true);
  await picture(page, 'places');
  await close(page);
  assert.equal(await server.stop(), 0);
});

test('zones and marks have light and dark lines, for any ground', async () => {
  const page = await open(browser, town.url);
  const shades = await page.evaluate(() => ['.leaflet-overlay-pane canvas', '.leaflet-tile-pane canvas'].map((what) =>
    [...document.querySelectorAll(what)].map((canvas) => {
      const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let light = 0, dark = 0;
      for (let i = 0; i < data.length; i += 4) {
        const sum = data[i] + data[i + 1] + data[i + 2];
        if (data[i + 3] > 150 && sum > 480) light++;
        if (data[i + 3] > 150 && sum < 150) dark++;
      }
      return [light > 0, dark > 0];
    }).filter(([light, dark]) => light || dark)));
  for (const canvases of shades) {
    assert.ok(canvases.length > 0);
    assert.ok(canvases.flat().every(Boolean));
  }
  await close(page);
});

test('nothing in view, and no server, are said', async () => {
  const server = await serve(at('vehicles.geojson'));
  const page = await open(browser, `${server.url}#view=15/10/10`);
  assert.equal(await status(page), 'No objects in view.');
  await server.stop();
  await page.focus('#map');
  await page.keyboard.press('ArrowLeft');
  await page.waitForSelector('#failure:not([hidden])');
  assert.match(await page.textContent('#failure-text'), /does not answer/);
  await picture(page, 'no-server');
  await close(page);
});

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing wrong, ${theme}`, async () => {
    const page = await open(browser, town.url, {theme, script: require.resolve('axe-core/axe.min.js')});
    await drawPolygon(page);
    await page.mouse.click(...await placeOf(page, vehicles()[3]));
    await page.waitForSelector('.card');
    await page.waitForTimeout(600);
    await page.focus('#walk');
    await page.keyboard.press('ArrowRight');
    await picture(page, `axe-${theme}`);
    const {violations} = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`), []);
    await close(page);
  });
}

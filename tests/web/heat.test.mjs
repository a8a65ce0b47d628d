// heat.test.mjs - a heatmap's page, opened from disk in Chromium. SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {at, launch, picture, require} from './support.mjs';

const TILE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64');
const FILE = `file://${at('heat.html')}`;
let browser, bands;

/** The vehicles and the doubtful ones, whose class is markup, in one file. */
function mixed() {
  const features = ['vehicles', 'doubtful'].flatMap((name) => JSON.parse(fs.readFileSync(at(`${name}.geojson`))).features);
  fs.writeFileSync(at('mixed.geojson'), JSON.stringify({type: 'FeatureCollection', features}));
  return at('mixed.geojson');
}

before(async () => {
  bands = execFileSync(process.env.ELCANO, ['heatmap', mixed(), '--bandwidth', '12m', '--by', 'class', '--html',
    at('heat.html'), '--quiet', '--overwrite'], {encoding: 'utf8'}).trim().split('\n').map((line) => JSON.parse(line));
  browser = await launch();
});

after(() => browser?.close());

/** A page that notes what it asks for; its only server is one of the test's own. */
async function open(options = {}, file = FILE) {
  const context = await browser.newContext({viewport: options.size || {width: 1200, height: 800},
    colorScheme: options.theme || 'light'});
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.wrong = [];
  page.asked = [];
  page.on('pageerror', (error) => page.wrong.push(error.message));
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && page.wrong.push(m.text()));
  page.on('request', (r) => r.url().startsWith('data:') || r.url() === file || page.asked.push(r.url()));
  await page.route('https://tile.openstreetmap.org/**', (route) => route.fulfill({contentType: 'image/png', body: TILE}));
  if (options.script) await page.addInitScript({path: options.script});
  await page.goto(file);
  await page.waitForSelector('.leaflet-image-layer');
  await page.waitForTimeout(500);
  return page;
}

async function close(page) {
  assert.deepEqual(page.wrong, []);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  await page.context().close();
}

/** Where on the screen the picture's darkest pixel is: the highest value. */
const darkest = () => {
  const image = document.querySelector('.leaflet-image-layer'), canvas = document.createElement('canvas');
  const {naturalWidth: width, naturalHeight: height} = image, box = image.getBoundingClientRect();
  Object.assign(canvas, {width, height});
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const {data} = context.getImageData(0, 0, width, height);
  let best = 0, least = Infinity;
  for (let i = 0; i < width * height; i++) {
    const sum = data[4 * i] + data[4 * i + 1] + data[4 * i + 2];
    if (data[4 * i + 3] === 255 && sum < least) [best, least] = [i, sum];
  }
  return [box.x + box.width * (best % width + 0.5) / width, box.y + box.height * (Math.floor(best / width) + 0.5) / height];
};

/** A place of the screen in degrees, by the tiles beneath, whose addresses say where they lie. */
const placeOf = ([x, y]) => {
  const tile = document.querySelector('.leaflet-tile-loaded'), box = tile.getBoundingClientRect();
  const [z, column, row] = tile.src.match(/\/(\d+)\/(\d+)\/(\d+)\.png/).slice(1).map(Number);
  const east = (column + (x - box.x) / box.width) / 2 ** z, south = (row + (y - box.y) / box.height) / 2 ** z;
  return [east * 360 - 180, Math.atan(Math.sinh(Math.PI * (1 - 2 * south))) * 180 / Math.PI];
};

test('it opens from disk, asks nobody, and says what it shows', async () => {
  const page = await open();
  assert.deepEqual(page.asked, []);
  assert.equal(await page.textContent('#title'), 'places per km2, gaussian, 12 m');
  assert.equal(await page.isChecked('#osm'), false);
  assert.equal(await page.locator('.leaflet-control-scale-line').count(), 1);
  assert.ok(await page.locator('#ticks li').count() >= 3);
  await picture(page, 'heat');
  await close(page);
});

test('OpenStreetMap comes when it is asked for, is named, and goes again', async () => {
  const page = await open();
  await page.check('#osm');
  await page.waitForSelector('.leaflet-tile-loaded');
  assert.ok(page.asked.length > 0 && page.asked.every((url) => url.startsWith('https://tile.openstreetmap.org/')));
  assert.match(await page.textContent('.leaflet-control-attribution'), /© OpenStreetMap contributors/);
  await page.uncheck('#osm');
  assert.doesNotMatch(await page.textContent('.leaflet-control-attribution'), /OpenStreetMap/);
  assert.equal(await page.locator('.leaflet-tile').count(), 0);
  await close(page);
});

test('the highest value lies where the row says', async () => {
  const page = await open();
  await page.check('#osm');
  await page.waitForSelector('.leaflet-tile-loaded');
  await page.waitForTimeout(500);
  const found = await page.evaluate(placeOf, await page.evaluate(darkest));
  const [lon, lat] = bands[0].geometry.coordinates, metres = 111320;
  const off = Math.hypot((found[0] - lon) * Math.cos(lat * Math.PI / 180), found[1] - lat) * metres;
  assert.ok(off < 2 * bands[0].properties.pixel_m, `${off} m off`);
  await close(page);
});

test('each class has its picture, its name as text, and its scale', async () => {
  const page = await open();
  assert.deepEqual(await page.locator('#band option').allTextContents(), bands.map((b) => b.properties.name));
  assert.ok(bands.some((b) => b.properties.name.includes('<script>')));
  const all = [await page.getAttribute('.leaflet-image-layer', 'src'), await page.textContent('#ticks')];
  await page.selectOption('#band', String(bands.findIndex((b) => b.properties.name === 'truck')));
  assert.notEqual(await page.getAttribute('.leaflet-image-layer', 'src'), all[0]);
  assert.notEqual(await page.textContent('#ticks'), all[1]);
  await page.locator('#opacity').fill('30');
  assert.equal(await page.evaluate(() => document.querySelector('.leaflet-image-layer').style.opacity), '0.3');
  await close(page);
});

test('no class, and an empty one, are named as what they are', async () => {
  fs.writeFileSync(at('no-class.geojsonl'), ['""', 'null', '"car"'].map((name) =>
    `{"type":"Feature","properties":{"class":${name}},"geometry":{"type":"Point","coordinates":[16.3,48.2]}}\n`).join(''));
  execFileSync(process.env.ELCANO, ['heatmap', at('no-class.geojsonl'), '--bandwidth', '12m', '--by', 'class', '--html', at('no-class.html'),
    '--quiet', '--overwrite']);
  const page = await open({}, `file://${at('no-class.html')}`);
  assert.deepEqual(await page.locator('#band option').allTextContents(), ['all', 'empty text', 'car', 'no value']);
  await close(page);
});

/** The page of one place whose weight makes the highest value as high. */
function ofHeight(highest, width = 1200, theme = 'light') {
  fs.writeFileSync(at('one.csv'), `lon,lat,w\n16.3,48.2,${highest * 2 * Math.PI * 0.1 ** 2}\n`);
  execFileSync(process.env.ELCANO, ['heatmap', at('one.csv'), '--bandwidth', '100m', '--pixel', '2m', '--weight', 'w', '--html', at('one.html'),
    '--quiet', '--overwrite']);
  return open({size: {width, height: 800}, theme}, `file://${at('one.html')}`);
}

/** What the legend says, and whether its words touch each other or leave their column. */
const legend = () => {
  const labels = [...document.querySelectorAll('#ticks span')], boxes = labels.map((label) => label.getBoundingClientRect());
  const {left, right} = document.querySelector('aside').getBoundingClientRect();
  return {unit: document.getElementById('unit').textContent, labels: labels.map((label) => label.textContent),
    apart: boxes.every((box, i) => box.left >= left && box.right <= right && (i === 0 || boxes[i - 1].right + 3 < box.left))};
};

test('the legend has three to five round values, which can be read', async () => {
  const wanted = [[0.00012, ['0', '0.00005', '0.0001']], [3.7, ['0', '1', '2', '3']], [1234567, ['0', '500K', '1M']],
    [7.9e-9, ['0', '2', '4', '6']], [49900, ['0', '20,000', '40,000']], [4.6e16, ['0', '2', '4']],
    [0.00079, ['0', '0.0002', '0.0004', '0.0006']]];
  for (const [highest, labels] of wanted)
    for (const width of [1200, 390]) {
      const page = await ofHeight(highest, width, width < 400 ? 'dark' : 'light');
      const got = await page.evaluate(legend);
      assert.deepEqual([got.labels, got.apart], [labels, true], `${highest}: ${got.labels.join(' ')}`);
      assert.match(got.unit, highest < 1e-8 ? /^10⁻⁹ per km², at most 7.9/ : /per km², at most \d/);
      await picture(page, `heat-legend-${highest}-${width}`);
      await close(page);
    }
});

test('the legend fades with the picture, and what is nothing is said to be', async () => {
  const page = await open();
  await page.locator('#opacity').fill('30');
  const seen = () => ['#bar', '.leaflet-image-layer'].map((name) => getComputedStyle(document.querySelector(name)).opacity);
  assert.deepEqual(await page.evaluate(seen), ['0.3', '0.3']);
  assert.equal(await page.isVisible('#nothing'), false);
  await close(page);
  const none = await ofHeight(0);
  assert.equal(await none.isVisible('#legend'), false);
  assert.equal(await none.isVisible('#nothing'), true);
  await close(none);
});

test('rates of imaged area say so, and show what no image has', async () => {
  execFileSync(process.env.ELCANO, ['heatmap', at('vehicles.geojson'), '--bandwidth', '12m', '--per', 'imaged-area', '--images',
    at('zones.geojson'), '--crs', 'EPSG:3035', '--html', at('rates.html'), '--quiet', '--overwrite']);
  const page = await open({}, `file://${at('rates.html')}`);
  assert.equal(await page.textContent('#title'), 'places per km2 of imaged area, gaussian, 12 m');
  assert.equal(await page.isVisible('#unseen'), true);
  assert.equal(await page.isVisible('#band-row'), false);
  const grey = () => getComputedStyle(document.getElementById('grey'), '::before').opacity;
  assert.equal(await page.evaluate(grey), '0.8');
  await picture(page, 'heat-rates');
  await close(page);
  const other = await open();
  assert.equal(await other.isVisible('#unseen'), false);
  await close(other);
});

for (const theme of ['light', 'dark']) {
  test(`on a phone nothing is cut off, and axe finds nothing wrong, ${theme}`, async () => {
    const page = await open({theme, size: {width: 390, height: 760}, script: require.resolve('axe-core/axe.min.js')});
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390));
    const box = await page.locator('#map').boundingBox();
    assert.ok(box.height > 250, `the map is ${box.height} px high`);
    await picture(page, `heat-phone-${theme}`);
    const {violations} = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`), []);
    await close(page);
  });
}

// keep.test.mjs - what the page keeps, counts anew and brings back. SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {at, close, hash, inView, launch, open, picture, serve, settled, status, stopAll, until} from './support.mjs';

let browser, town;

before(async () => {
  browser = await launch();
  town = await serve(at('vehicles.geojson'), at('doubtful.geojson'), '--imagery', at('town.tif'));
});

after(async () => {
  await browser?.close();
  await town?.stop();
  stopAll();
});

const features = (name) => JSON.parse(fs.readFileSync(at(`${name}.geojson`))).features;
const both = () => [...features('vehicles'), ...features('doubtful')];
const boxOf = (page, name) => page.locator('#legend li', {hasText: name}).locator('input');

test('one class is shown alone, and a second time all are', async () => {
  const page = await open(browser, town.url), only = page.locator('button[aria-label="Only truck"]');
  const trucks = both().filter((f) => f.properties.class === 'truck').length;
  await only.click();
  await settled(page);
  assert.equal(await inView(page), trucks);
  assert.equal(await boxOf(page, 'truck').isChecked(), true);
  assert.equal(await boxOf(page, 'car').isChecked(), false);
  await only.click();
  await settled(page);
  assert.equal(await inView(page), both().length);
  assert.equal(await boxOf(page, 'car').isChecked(), true);
  assert.equal((await hash(page)).hidden, undefined);
  await close(page);
});

test('one class of two layers is shown alone, however many classes the other has', async () => {
  const server = await serve(at('kinds.geojson'), at('imagery.geojson')), page = await open(browser, server.url);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  await page.click('#draw-circle');
  for (const [x, y] of [[760, 400], [1180, 400]]) await page.mouse.click(x, y);
  await page.waitForSelector('#selection .total');
  asked.length = 0;
  await page.locator('button[aria-label="Only car"]').click();
  await settled(page);
  assert.equal(await inView(page), 1);
  assert.equal(await page.locator('#failure').isHidden(), true);
  assert.deepEqual(await page.locator('#selection .total').allTextContents(), ['0', '1']);
  assert.deepEqual(asked.filter((url) => url.pathname.includes('/tiles/points/kinds')), []);
  assert.deepEqual(asked.filter((url) => url.searchParams.has('not')), []);
  const [download] = await Promise.all([page.waitForEvent('download'),
    page.click('button[aria-label="Download kinds as CSV"]')]);
  assert.equal(fs.readFileSync(await download.path(), 'utf8').trim().split('\n').length, 1, 'the head alone');
  await close(page);
  assert.equal(await server.stop(), 0);
});

test('a failure goes away with the next answer', async () => {
  const page = await open(browser, town.url), failed = () => page.waitForSelector('#failure:not([hidden])');
  const refuse = (route) => route.fulfill({status: 500, json: {code: 500, description: 'no counts'}});
  await page.route('**/layers/summary/**', refuse);
  await page.focus('#map');
  await page.keyboard.press('ArrowLeft');
  await failed();
  assert.equal(await page.textContent('#failure-text'), 'no counts');
  await page.unroute('**/layers/summary/**', refuse);
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('#failure', {state: 'hidden'});
  await close(page);
});

test('objects whose class is NULL or empty are one entry', async () => {
  const server = await serve(at('classless.geojson')), page = await open(browser, server.url);
  const tick = async (name, on) => {
    await boxOf(page, name).setChecked(on);
    await settled(page);
    return [await inView(page), Number(await page.textContent('#selection .total'))];
  };
  assert.deepEqual(await page.locator('#legend .name').allTextContents(), ['car', 'bus', 'no class']);
  assert.deepEqual(await page.locator('#legend .count').allTextContents(), ['3', '1', '6']);
  await page.click('#draw-circle');
  for (const [x, y] of [[760, 400], [1180, 400]]) await page.mouse.click(x, y);
  await page.waitForSelector('#selection .total');
  assert.deepEqual(await page.locator('#selection tbody').allTextContents(), ['no class6car3bus1']);
  assert.deepEqual(await tick('no class', false), [4, 4]);
  assert.deepEqual(await tick('bus', false), [3, 3]);
  assert.deepEqual(await tick('no class', true), [9, 9]);
  assert.deepEqual(await tick('car', false), [6, 6]);
  await close(page);
  assert.equal(await server.stop(), 0);
});

test('an address that is entered on the open page is shown', async () => {
  const page = await open(browser, town.url);
  await Promise.all([page.waitForEvent('load'), page.evaluate(() => (location.hash = 'hidden=car&mode=points'))]);
  await settled(page);
  assert.equal(await boxOf(page, 'car').isChecked(), false);
  assert.equal(await page.locator('#mode').inputValue(), 'points');
  assert.equal((await hash(page)).hidden, 'car');
  await close(page);
});

test('an address of over 8,000 characters leaves the classes out', async () => {
  const server = await serve(at('kinds.geojson'), at('imagery.geojson')), page = await open(browser, server.url);
  const only = page.locator('button[aria-label="Only car"]');
  await page.selectOption('#mode', 'points');
  await only.click();
  await settled(page);
  assert.equal(await inView(page), 1);
  assert.ok(page.url().length < 200, `${page.url().length} characters`);
  assert.equal((await hash(page)).mode, 'points');
  await only.click();
  await page.locator('#legend input').first().uncheck();
  await settled(page);
  assert.equal(await inView(page), 300);
  assert.equal((await hash(page)).hidden, 'car');
  await close(page);
  assert.equal(await server.stop(), 0);
});

test('two handles choose scores, and push each other', async () => {
  const page = await open(browser, town.url), [least, most] = await page.locator('#score input').all();
  assert.equal(await page.locator('#score rect').count(), 20);
  await least.fill('250');
  await most.fill('750');
  await settled(page);
  const [low, high] = (await hash(page)).score.split('/').map(Number);
  const within = both().filter(({properties: p}) => Math.fround(p.score) >= Math.fround(low) &&
    Math.fround(p.score) <= Math.fround(high));
  assert.equal(await inView(page), within.length);
  assert.equal(await page.textContent('#score output'), `${low.toFixed(2)} – ${high.toFixed(2)}`);
  const inside = await page.locator('#score rect.in').count();
  assert.ok(inside >= 10 && inside <= 11, `${inside} bars`);
  await most.fill('100');
  assert.equal(await least.inputValue(), '100');
  await least.fill('0');
  await most.fill('1000');
  await settled(page);
  assert.equal((await hash(page)).score, undefined);
  assert.equal(await inView(page), both().length);
  await close(page);
});

test('times are played in a window that keeps its width', async () => {
  const page = await open(browser, town.url), button = page.locator('#time button');
  const [first, last] = await page.locator('#time input').all();
  await last.fill('200');
  await button.click();
  assert.deepEqual([await button.textContent(), await button.getAttribute('aria-pressed')], ['Pause', 'true']);
  await until(page, () => Number(document.querySelector('#time input').value) >= 300, 'the window to move');
  await button.click();
  assert.equal(await button.textContent(), 'Play');
  assert.equal(Number(await last.inputValue()) - Number(await first.inputValue()), 200);
  await settled(page);
  const [low, high] = (await hash(page)).time.split('/').map(Number);
  const seen = features('vehicles').filter(({properties: p}) => {
    const time = Date.parse(p.acquired);
    return time >= Math.trunc(low) && time <= Math.trunc(high);
  });
  assert.equal(await inView(page), seen.length + features('doubtful').length, 'a layer without times stays');
  await close(page);
});

/** Opens a card, and waits until it says how many others there are. */
async function number(page) {
  await until(page, () => /of/.test(document.querySelector('.card .row')?.textContent), 'the number of others');
  return (await page.textContent('.card .row span')).match(/^([\d,]+) of ([\d,]+)/).slice(1).map(Number);
}

test('neighbours of an object are those that pass the filter', async () => {
  const n = features('vehicles').length, row = features('vehicles').findIndex((f) => f.properties.class === 'truck');
  const page = await open(browser, `${town.url}#feature=vehicles/${row}`);
  assert.deepEqual(await number(page), [row + 1, n]);
  await page.locator('button[aria-label="Only truck"]').click();
  const trucks = features('vehicles').filter((f) => f.properties.class === 'truck').length;
  await until(page, `document.querySelector('.card .row span').textContent.startsWith('1 of ${trucks} ')`, 'trucks alone');
  await page.click('button[aria-label="Previous object"]');
  await until(page, `document.querySelector('.card .row span').textContent.startsWith('${trucks} of ${trucks} ')`,
    'the last before the first');
  assert.equal(await page.textContent('.card h3'), 'truck');
  await page.click('button[aria-label="Next object"]');
  await until(page, `document.querySelector('.card .row span').textContent.startsWith('1 of ${trucks} ')`, 'the first');
  await close(page);
});

test('an address brings back layers, opacity, times, mode, colours and the object', async () => {
  const page = await open(browser, town.url), said = (p) => p.evaluate(() => ({
    off: [...document.querySelectorAll('#layers input[type=checkbox]')].map((box) => box.checked),
    opacity: [...document.querySelectorAll('#layers input[type=range]')].map((slider) => slider.value),
    time: [...document.querySelectorAll('#time input')].map((slider) => slider.value),
    mode: document.getElementById('mode').value,
    theme: [document.documentElement.dataset.theme, document.getElementById('theme').textContent],
    card: document.querySelector('.card h3')?.textContent,
    status: document.getElementById('status').textContent,
  }));
  await page.locator('#layers .layer', {hasText: 'doubtful'}).locator('input[type=checkbox]').uncheck();
  await page.locator('input[aria-label="Opacity of imagery"]').fill('0.4');
  await page.locator('#time input').first().fill('300');
  await page.selectOption('#mode', 'points');
  await page.click('#theme');
  await page.focus('#walk');
  await settled(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.card');
  await page.waitForTimeout(700); // the map makes room for the card, and counts again
  await settled(page);
  const wanted = await said(page), other = await open(browser, page.url());
  await other.waitForSelector('.card');
  await other.waitForTimeout(700);
  assert.equal(other.url(), page.url());
  assert.deepEqual(wanted.off, [true, true, false]);
  assert.deepEqual(await said(other), wanted);
  await close(other);
  await close(page);
});

test('a layer that is called imagery is not the imagery', async () => {
  const server = await serve(at('imagery.geojson'), '--imagery', at('town.tif'));
  const page = await open(browser, server.url), boxes = (p) => p.locator('#layers input[type=checkbox]').all();
  assert.equal(await inView(page), 1);
  await (await boxes(page))[1].uncheck();
  await settled(page);
  assert.equal(await page.locator('.leaflet-tile-pane img').count() > 0, true, 'the imagery stays');
  const other = await open(browser, page.url()), [imagery, layer] = await boxes(other);
  assert.deepEqual([await imagery.isChecked(), await layer.isChecked()], [true, false]);
  await close(other);
  await close(page);
  assert.equal(await server.stop(), 0);
});

test('what lies on both sides of 180 degrees is seen, counted and opened together', async () => {
  const server = await serve(at('pacific.geojson')), page = await open(browser, server.url);
  assert.equal(await inView(page), 3);
  const [zoom, , lon] = (await hash(page)).view.split('/').map(Number);
  assert.ok(zoom >= 4 && lon > 177 && lon < 185, 'the map begins there');
  await picture(page, 'pacific');
  await page.click('#draw-polygon');
  const {x, y, width, height} = await page.locator('#map').boundingBox();
  for (const [a, b] of [[0.02, 0.1], [0.98, 0.1], [0.98, 0.9], [0.02, 0.9]])
    await page.mouse.click(x + a * width, y + b * height);
  await page.click('#draw-finish');
  await page.waitForSelector('#selection .total');
  assert.equal(await page.textContent('#selection .total'), '3');
  await page.focus('#walk');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  assert.deepEqual((await number(page))[1], 3);
  await close(page);
  assert.equal(await server.stop(), 0);
});

test('a card fits into the map of a telephone', async () => {
  const page = await open(browser, town.url, {size: {width: 360, height: 740}});
  await page.focus('#walk');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.card');
  await page.waitForTimeout(800);
  const map = await page.locator('#map').boundingBox(), card = await page.locator('.leaflet-popup').boundingBox();
  const buttons = await page.locator('.leaflet-control-zoom').boundingBox();
  assert.ok(card.x >= buttons.x + buttons.width && card.x + card.width <= map.width, JSON.stringify(card));
  assert.ok(card.y >= 0 && card.y + card.height <= map.height, JSON.stringify(card));
  assert.ok(await inView(page) > 0);
  await picture(page, 'telephone');
  await close(page);
});

test('a view wider than the globe counts each object once', async () => {
  const server = await serve(at('pacific.geojson'));
  for (const view of ['1/0/0', '1/0/180', '2/0/-170', '0/0/0']) {
    const page = await open(browser, `${server.url}#view=${view}`);
    assert.match(await status(page), /^3 objects in view/, view);
    await close(page);
  }
  assert.equal(await server.stop(), 0);
});

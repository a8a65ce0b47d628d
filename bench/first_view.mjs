// first_view.mjs - how soon a map is there, in Chromium. SPDX-License-Identifier: Apache-2.0
//
// usage: node first_view.mjs BUILD TABLE [PAGES]
//
// Starts BUILD/elcano serve TABLE, and opens its address in PAGES (5) new windows of 1,200 x 800 px that have nothing kept.
// Prints medians as JSON: "seconds" from the address to all that the first view says, "tiles" to its first tile.
import {execFileSync} from 'node:child_process';
import path from 'node:path';

const [build, table, pages = '5'] = process.argv.slice(2);
if (!table) throw new Error('usage: node first_view.mjs BUILD TABLE [PAGES]');
process.env.ELCANO = path.resolve(build, 'elcano');
process.env.NODE_MODULES ??= path.resolve(import.meta.dirname ?? path.dirname(process.argv[1]), '../build/deps/browser/node_modules');
process.env.CHROMIUM ??= execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser'], {encoding: 'utf8'}).trim();
const {launch, serve, until} = await import('../tests/web/support.mjs');

/** In the page: when the first tile is drawn, and when the counts are told. Milliseconds since it was asked for. */
const watch = () => {
  const look = () => {
    window.seen ??= document.querySelector('.leaflet-tile-loaded') ? performance.now() : undefined;
    if (/in view/.test(document.getElementById('status')?.textContent)) window.told = performance.now();
    else setTimeout(look, 5);
  };
  document.addEventListener('DOMContentLoaded', look);
};

async function view(browser, url) {
  const context = await browser.newContext({viewport: {width: 1200, height: 800}}), page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(url);
  await until(page, () => window.told !== undefined, 'the first view');
  const found = await page.evaluate(() => [window.told, window.seen ?? window.told]);
  await context.close();
  return found;
}

const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1] / 1000;
const server = await serve(table), browser = await launch(), found = [];
for (let i = 0; i < Number(pages); i++) found.push(await view(browser, server.url));
await browser.close();
await server.stop();
console.log(JSON.stringify({seconds: middle(found.map(([told]) => told)), tiles: middle(found.map(([, seen]) => seen))}));

// support.mjs - a server, a browser, and what is seen in it. SPDX-License-Identifier: Apache-2.0
import {execFileSync, spawn} from 'node:child_process';
import {createRequire} from 'node:module';
import assert from 'node:assert/strict';
import path from 'node:path';

export const require = createRequire(`${process.env.NODE_MODULES}/`);
const {chromium} = require('playwright-core');
const ELCANO = process.env.ELCANO;
export const FOLDER = path.join(path.dirname(ELCANO), 'web-tests');
export const at = (name) => path.join(FOLDER, name);

const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = () => chromium.launch({executablePath: process.env.CHROMIUM, args: ARGUMENTS});

const children = new Set();

/** Ends what a test that failed left running. */
export const stopAll = () => children.forEach((child) => child.kill('SIGKILL'));

/** Starts `elcano serve`; `stop()` ends it as Ctrl-C does, and gives its exit code. */
export async function serve(...words) {
  const child = spawn(ELCANO, ['serve', ...words], {stdio: ['ignore', 'pipe', 'inherit']});
  children.add(child);
  const ended = new Promise((resolve) => child.on('exit', (code) => {
    children.delete(child);
    resolve(code);
  }));
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text).trim()));
    child.once('exit', () => reject(new Error('elcano serve ended')));
  });
  return {url, stop: () => (child.kill('SIGINT'), ended)};
}

/** The rows that a command of Elcano's writes to its standard output. */
export function rows(...words) {
  return execFileSync(ELCANO, [...words, '--quiet', '-o', '-'], {encoding: 'utf8'}).trim().split('\n')
    .filter(Boolean).map((line) => JSON.parse(line));
}

/** A page that fails the test where a script fails or the policy was violated. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({viewport: options.size || {width: 1200, height: 800}, acceptDownloads: true,
    colorScheme: options.theme || 'light'});
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.wrong = [];
  page.on('pageerror', (error) => page.wrong.push(error.message));
  page.on('request', (r) => new URL(r.url()).hostname === '127.0.0.1' || r.url().startsWith('blob:') ||
    page.wrong.push(`asked ${r.url()}`));
  if (options.script) await page.addInitScript({path: options.script});
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (e) => window.violations.push(e.violatedDirective));
  });
  await page.goto(url);
  await settled(page);
  return page;
}

/** Asks until the answer is yes; the page's policy forbids Playwright's own way. */
export async function until(page, question, what) {
  for (let i = 0; i < 150; i++) {
    if (await page.evaluate(question)) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`waited in vain for ${what}`);
}

export async function settled(page) {
  const told = () => /in view|Nothing/.test(document.getElementById('status').textContent);
  await until(page, told, 'the map');
  await page.waitForTimeout(300);
  await until(page, told, 'the map');
}

export async function close(page) {
  assert.deepEqual(page.wrong, []);
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  await page.context().close();
}

export const status = (page) => page.textContent('#status');
export const inView = async (page) => Number((/^[\d,]+/.exec(await status(page)) || ['0'])[0].replaceAll(',', ''));
export const hash = (page) => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).entries().toArray?.() ??
  [...new URLSearchParams(location.hash.slice(1))]).then((list) => Object.fromEntries(list));
export const picture = (page, name) => page.screenshot({path: at(`${name}.png`)});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { somebody } from '../admin/support';
import { enter } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';

/**
 * Every kind of page that a visitor, a paying member, an editor and an admin come to by links, through the Nu HTML
 * checker. It is a Java program (`npm view vnu-jar`), so it is no part of the tests: VNU_JAR says where it is.
 */
const JAR = process.env['VNU_JAR'];

/** Pages of one kind that are looked at for each of them, and pages in all. */
const OF_A_KIND = 2;
const MOST = 500;

const STARTS = [
  ...['/', '/es/', '/search?q=cloud', '/pricing', '/join/strategy-circle', '/join/leadership-alliance', '/login'],
  ...['/reset', '/subscribe', '/account', '/desk', '/admin/members', '/admin/settings', '/nothing'],
];
const ELSEWHERE = /^\/(?:\/|assets|looks|pictures|feeds?|sandbox|logout)/;

let dossier: Dossier;
let folder: string;
beforeAll(async () => {
  dossier = await startDossier({ samples: true, billing: true });
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-html-'));
});
afterAll(async () => {
  await dossier.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What two pages of one kind have in common: their address without what stands for a row. */
function kindOf(address: string): string {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  const route = pathname
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    .replace(/\/(briefings|organizations|categories|authors|members|audit)\/[^/]+/g, '/$1/:slug')
    .replace(/\/\d+/g, '/:number');
  return `${route}?${[...searchParams.keys()].sort().join('&')}`;
}

/** Follows links, and writes each page into the folder. @returns how many there were. */
async function crawl(who: string, cookie: string | undefined): Promise<number> {
  const [queue, seen, kinds] = [[...STARTS], new Set<string>(), new Map<string, number>()];
  let pages = 0;
  mkdirSync(path.join(folder, who));
  for (let address = queue.shift(); address !== undefined && seen.size < MOST; address = queue.shift()) {
    const kind = kindOf(address);
    const known = kinds.get(kind) ?? 0;
    if (seen.has(address) || known >= OF_A_KIND) continue;
    seen.add(address);
    kinds.set(kind, known + 1);
    const answer = await fetch(dossier.url + address, { headers: cookie ? { cookie } : {}, redirect: 'manual' });
    const html = answer.headers.get('content-type')?.includes('text/html') ? await answer.text() : '';
    if (html === '') continue;
    writeFileSync(path.join(folder, who, `${++pages}.html`), `${html}\n<!-- ${address} -->\n`);
    for (const [, href] of html.matchAll(/href="(\/[^"]*)"/g)) {
      const link = href!.replaceAll('&amp;', '&').split('#')[0]!;
      if (!ELSEWHERE.test(link)) queue.push(link);
    }
  }
  return pages;
}

test('the Nu HTML checker has nothing to say of any page', async () => {
  if (JAR === undefined) throw new Error('VNU_JAR must say where vnu.jar is');
  const pages = {
    visitor: await crawl('visitor', undefined),
    member: await crawl('member', (await enter(dossier, 'alliance')).headers['Cookie']),
    editor: await crawl('editor', (await enter(dossier, 'editor')).headers['Cookie']),
    admin: await crawl('admin', (await somebody(dossier, 'admin')).cookie),
  };
  const checked = spawnSync('java', ['-jar', JAR, '--skip-non-html', folder], { encoding: 'utf8' });
  process.stdout.write(`${JSON.stringify(pages)}\n`);
  expect([checked.error, checked.stderr, checked.status]).toEqual([undefined, '', 0]);
});

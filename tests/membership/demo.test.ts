import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { accountsViewer } from '../../src/access/viewer';
import { introduceDemo } from '../../src/membership/demo';
import { original } from '../support/briefing';
import { cookiesOf, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(() => dossier.stop());

test('each demo account logs in with the one password of its data folder, and reads as far as it should: staff not before it has a second factor', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'dossier-demo-'));
  expect(await introduceDemo(dossier.wall, dataDir, false, new Date())).toEqual([]);
  const lines = await introduceDemo(dossier.wall, dataDir, true, new Date());
  const line = lines.join(' ');
  const file = path.join(dataDir, 'demo-password');
  const password = readFileSync(file, 'utf8').trim();
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(line).toContain(password);
  for (const [who, rank] of [
    ['circle', 1],
    ['alliance', 2],
    ['editor', 0],
    ['admin', 0],
  ] as const) {
    expect(line).toContain(`${who}@dossier.example`);
    const cookie = cookiesOf(await send(dossier, '/login', { email: `${who}@dossier.example`, password }));
    const { text } = await visit(`${dossier.url}/briefings/a-signal`, { headers: { Cookie: cookie } });
    expect([who, Number(text.includes('GATED trend')) + Number(text.includes('GATED evidence'))]).toEqual([who, rank]);
  }
  // Told again at the next start, and made anew by nobody.
  expect(await introduceDemo(dossier.wall, dataDir, false, new Date())).toEqual(lines);
  expect(
    await dossier.wall.read(accountsViewer, (db) =>
      db.account.count({ where: { email: { endsWith: '@dossier.example' } } }),
    ),
  ).toBe(4);
});

import { startDossier } from '../support/dossier';
import { sceneOf, siteOf } from './site';
import { askOracle } from '../../src/leaks/oracle';
test('rate', async () => {
  const dossier = await startDossier();
  const scene = await sceneOf(dossier);
  const times = new Map<string, [number, number]>();
  let last = performance.now(); let n = 0;
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 40000);
  const v = await askOracle(siteOf(dossier), scene, { signal: stop.signal, hear: ({ cell, variant }) => {
    n++;
    const key = cell.walkable.route.path + ' ' + variant; const now = performance.now();
    const t = times.get(key) ?? [0, 0]; t[0]++; t[1] += now - last; last = now; times.set(key, t);
  }, progress: (d, of) => { if (d % 200 === 0) process.stdout.write(`${d}/${of} ${n} ${(performance.now()/1000).toFixed(0)}\n`); } });
  process.stdout.write([...times].sort((a, b) => b[1][1] - a[1][1]).slice(0, 40).map(([k, [c, t]]) => `${k} ${c} ${t.toFixed(0)} ${(t / c).toFixed(2)}`).join('\n') + '\n');
  process.stdout.write(JSON.stringify(v.judge.findings.slice(0, 10), null, 1));
  await dossier.stop();
}, 100000);

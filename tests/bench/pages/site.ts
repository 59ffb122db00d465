// A Dossier in a process of its own, as it runs in production, so that whoever measures it does not share its time.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { root } from '../../../src/lib/root';
import { openRedis } from '../../../src/stores/redis';
import { enter } from '../../support/cast';
import { startDossier } from '../../support/dossier';
import { asSuperuserIn, type Cluster } from '../../support/stores/cluster';
import type { Site } from './site-facts';

const SAMPLE = 'microsoft-mistral-azure';
const [, , redisPort = '-', copies = '0', on = '-'] = process.argv;

async function serve(): Promise<void> {
  const redis = redisPort === '-' ? null : openRedis(`redis://127.0.0.1:${redisPort}`, pino({ level: 'silent' }));
  const stores = on === '-' ? { samples: true } : { on: JSON.parse(on) as Cluster };
  const dossier = await startDossier({ ...stores, mode: 'production', redis });
  await dossier.stores.warm();
  const folder = path.join(root, 'prisma/samples', SAMPLE);
  const cold: string[] = [];
  for (let one = 0; one < Number(copies); one++) {
    const slug = `copy-${one}`;
    const files = readdirSync(folder).map((name) => {
      const content = readFileSync(path.join(folder, name));
      return [name, name.endsWith('.md') ? content.toString().replace(`slug: ${SAMPLE}`, `slug: ${slug}`) : content];
    });
    await dossier.take(slug, Object.fromEntries(files) as Record<string, string | Uint8Array>);
    cold.push(`/briefings/${slug}`);
  }
  // As a Postgres that has run for a while knows them.
  await asSuperuserIn(dossier.urls.superuser, (client) => client.query('ANALYZE'));
  // Without an admin it waits to be set up.
  if (on === '-') await enter(dossier, 'admin');
  const { headers } = await enter(dossier, 'alliance');
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send!((user + system) / 1_000);
  });
  const { superuser, app, owner } = dossier.urls;
  process.send!({
    ...{ url: dossier.url, urls: { superuser, app, owner }, cookie: headers['Cookie']!, cold },
  } satisfies Site);
}

void serve();

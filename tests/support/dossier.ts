import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp, type App } from '../../src/app';
import { importCategories } from '../../src/briefings/categories';
import { importBriefing, type Imported } from '../../src/briefings/import';
import { loadSamples } from '../../src/briefings/samples';
import { LOGGED } from '../../src/lib/log';
import { openPostgres, type Postgres } from '../../src/stores/postgres';
import { openWall, type Wall } from '../../src/stores/wall';
import { createDatabase, type Cluster } from './cluster';

/** A whole Dossier on a database of its own and a free port, as a reader meets it. */
export interface Dossier {
  readonly url: string;
  readonly urls: Cluster;
  readonly wall: Wall;
  readonly stores: Postgres;
  readonly app: App;
  /** What was logged, one object per line. */
  readonly logged: Record<string, unknown>[];
  /** Takes in a folder written as `{ 'en.md': '…' }`. */
  take(slug: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<Imported>;
  stop(): Promise<void>;
}

export interface DossierOptions {
  readonly samples?: boolean;
  readonly categories?: string;
}

const CATEGORIES = `cloud-service:
  name: {en: Cloud Service, es: Servicio en la nube}
  description: {en: Who runs the machines., es: Quién opera las máquinas.}
policy-watch:
  name: {en: Policy Watch}
`;

export async function startDossier({ samples = false, categories = CATEGORIES }: DossierOptions = {}): Promise<Dossier> {
  const urls = await createDatabase();
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'warn', ...LOGGED }, { write: (line: string) => logged.push(JSON.parse(line) as Record<string, unknown>) });
  const stores = openPostgres(urls.app, log, 5);
  const wall = openWall(stores);
  if (samples) await loadSamples(wall);
  else await importCategories(wall, 'categories.yaml', Buffer.from(categories));

  // The port must be known before the app, whose absolute addresses carry it.
  const server: Server = createServer((req, res) => app.handler(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app = createApp({ config: { publicUrl: url, mode: 'test', trustProxy: 0 }, wall, databaseUrl: urls.app, readiness: { postgres: async () => (await stores.pool.query('SELECT 1'), null) }, log });
  return {
    url, urls, wall, stores, app, logged,
    take: (slug, files) => importBriefing(wall, { path: slug, files: new Map(Object.entries(files).map(([name, text]) => [name, typeof text === 'string' ? Buffer.from(text) : text])) }),
    stop: async () => {
      await new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); });
      await app.close();
      await stores.close();
      await urls.drop();
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { prepareDataDir, startEmbedded } from '../../../src/stores/postgres/embedded/start';
import { migrate } from '../../../src/stores/postgres/migrate';
import type { Cluster } from '../../support/stores/cluster';

/** A Postgres of one test, which can be stopped and started: it comes back on another port, behind one address. */
export interface OwnDatabase {
  readonly urls: Cluster;
  restart(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnDatabase(): Promise<OwnDatabase> {
  const folder = prepareDataDir(mkdtempSync(path.join(os.tmpdir(), 'dossier-many-')));
  const start = () => startEmbedded(folder, new AbortController().signal, () => undefined, { fsync: false });
  let running = await start();
  const open = new Set<net.Socket>();
  const door = net.createServer((socket) => {
    const behind = net.connect(running.port, '127.0.0.1');
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy()).on('close', () => (open.delete(one), other.destroy()));
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address() as net.AddressInfo;
  const through = (url: string) => url.replace(/@127\.0\.0\.1:\d+/, `@127.0.0.1:${port}`);
  const { owner, app, superuser } = running.urls;
  await migrate(running.urls.owner, { log: pino({ level: 'silent' }), edited: 'warning' });
  return {
    urls: { owner: through(owner), app: through(app), superuser: through(superuser) },
    restart: async (milliseconds) => {
      await running.stop(4_000);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      running = await start();
    },
    stop: async () => {
      door.close();
      for (const one of open) one.destroy();
      await running.stop(4_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

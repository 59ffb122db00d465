import { z } from 'zod';
import { accountsViewer } from '../access/viewer';
import type { Task } from '../stores/postgres/jobs';
import { applySome } from './jobs/apply';
import { checkSome } from './jobs/check';
import type { ImportParts } from './jobs/parts';
import { takeBackSome } from './jobs/take-back';
import { expireImports } from './expire';
import { findPrices } from './prices/find-prices';
import { syncPayers } from './prices/adopt';
import { takeBackPost } from './posts/take-back';
import type { PostParts } from './posts/parts';
import { applyPost, checkPosts } from './posts/work';
import { IMPORT_TASK, queueImport } from './states';

/** Milliseconds one job works before the next one goes on: a process that is to stop waits for no longer. */
const STRETCH = 3_000;

const importPayload = z.object({ import: z.uuid() });
const pricePayload = z.object({ price: z.string() });

/** Goes on with an import, whatever is being done with it. @returns whether there is more to do. */
export async function workOn(parts: ImportParts & PostParts, id: string): Promise<boolean> {
  const row = await parts.wall.read(accountsViewer, (db) =>
    db.import.findUnique({ where: { id }, select: { state: true, kind: true } }),
  );
  if (row?.kind === 'posts') return workOnPosts(parts, id, row.state);
  switch (row?.state) {
    case 'checking':
      return checkSome(parts, id);
    case 'running':
      return applySome(parts, id);
    case 'taking-back':
      return takeBackSome(parts, id);
    default:
      return false;
  }
}

function workOnPosts(parts: ImportParts & PostParts, id: string, state: string): Promise<boolean> | false {
  if (state === 'checking') return checkPosts(parts, id);
  if (state === 'running') return applyPost(parts, id);
  return state === 'taking-back' && takeBackPost(parts, id);
}

/** What imports do behind the pages. */
export function importTasks(parts: ImportParts & PostParts): Readonly<Record<string, Task>> {
  return {
    [IMPORT_TASK]: async (payload) => {
      const { import: id } = importPayload.parse(payload);
      const begun = performance.now();
      while (await workOn(parts, id)) {
        if (performance.now() - begun > STRETCH) {
          await parts.wall.write(accountsViewer, (db) => queueImport(db, id));
          return;
        }
      }
    },
    'expire-imports': async () => {
      await expireImports(parts);
    },
    'find-prices': async () => {
      await findPrices(parts);
    },
    'price-adopted': async (payload) => syncPayers(parts, pricePayload.parse(payload).price),
  };
}

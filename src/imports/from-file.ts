import { randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { accountsViewer } from '../access/viewer';
import { oneLine } from '../lib/line';
import { Refusal } from '../lib/refusal';
import { loadSetting } from '../site/settings/save';
import { writeAudit } from '../stores/postgres/audit';
import type { Wall } from '../stores/postgres/wall';
import { UnreadableExport } from './posts/export';
import { receiveFolder } from './posts/pictures/from-folder';
import { openPictureReceiver } from './posts/pictures/receive';
import { receivePosts } from './posts/receive';
import type { PostSealer } from './posts/seal';
import { UnreadableTable } from './rows/read-csv';
import { receiveTable, UnfitTable } from './rows/receive';
import { MOST_ROWS } from './states';

/** What a file may be of. */
export const SOURCES = ['members', 'ghost', 'substack'] as const;
export type FileSource = (typeof SOURCES)[number];

/** What was taken in. */
export interface Received {
  readonly id: string;
  readonly rows: number;
  /** Of the pictures that posts name, how many lay in the folder; null: there was none. */
  readonly pictures: { readonly named: number; readonly taken: number } | null;
}

/**
 * Takes a file of this machine in, as `/admin/import` takes one in from a browser.
 * `content` is the folder of pictures that the posts of an export name.
 * @throws Refusal where the file or the folder is not there, or cannot be read as what it is said to be.
 */
export async function receiveFile(
  wall: Wall,
  sealer: PostSealer,
  { source, file, content }: { readonly source: FileSource; readonly file: string; readonly content: string | null },
  now: Date,
): Promise<Received> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Refusal(`There is no file ${file}.`);
  if (content !== null && !statSync(content, { throwIfNoEntry: false })?.isDirectory())
    throw new Refusal(`There is no folder ${content}.`);
  const name = oneLine(path.basename(file)).slice(0, 200);
  const { list } = await wall.read(accountsViewer, (db) => loadSetting(db, 'languages'));
  const language = list.find(({ on }) => on)?.code ?? 'en';
  const bytes = createReadStream(file);
  try {
    const id =
      source === 'members'
        ? await receiveTable(wall, name, bytes, language, now)
        : await receivePosts(wall, sealer, name, bytes, language, now);
    const pictures = content === null ? null : await takePictures(wall, sealer, id, content);
    const { rows } = await wall.write(accountsViewer, async (db) => {
      await writeAudit(db, {
        ...{ id: randomUUID(), at: now, action: 'import-received', actor: { id: null, name: 'npm run import' } },
        target: { kind: 'import', id, name },
      });
      return db.import.findUniqueOrThrow({ where: { id }, select: { rows: true } });
    });
    return { id, rows, pictures };
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

async function takePictures(wall: Wall, sealer: PostSealer, id: string, folder: string) {
  const receiver = await openPictureReceiver(wall, sealer, id);
  await receiveFolder(receiver, folder);
  return { named: receiver.named, taken: receiver.taken() };
}

/** Why a file is not taken, without a word of it; null: for another reason. */
function refusalOf(error: unknown): Refusal | null {
  if (error instanceof UnreadableExport)
    return new Refusal(
      error.why === 'posts'
        ? 'There are no posts in this file. It has to be the export as it is.'
        : `This is no ${error.why === 'json' ? 'JSON' : 'zip'} that can be read. Export it once more.`,
    );
  if (error instanceof UnreadableTable) return new Refusal(`The quotes opened in line ${error.line} do not end.`);
  if (error instanceof UnfitTable)
    return new Refusal(error.why === 'empty' ? 'There is no row in this file.' : `It has more than ${MOST_ROWS} rows.`);
  return null;
}

import path from 'node:path';
import { accountsViewer } from '../access/viewer';
import { writePrivate } from '../stores/postgres/embedded/private-file';
import type { Wall } from '../stores/postgres/wall';
import { isUnderWay, issueSetupLink } from './link';

/** Where a link goes that is to be seen by nobody but whoever runs this. */
export interface LinkPlace {
  readonly publicUrl: string;
  /** The folder for a file where there is no terminal. */
  readonly dataDir: string;
  readonly terminal: { readonly isTTY?: boolean; write(text: string): unknown };
}

const COMMAND = '`npm run admin -- setup-link` makes a link to set it up.';

/**
 * Makes the link of an installation without an admin, where nobody has one yet, and shows it on the terminal or leaves
 * it in a file that only its owner reads. Answers with what may be logged; null: there is nothing to set up.
 */
export async function announceSetup(wall: Wall, place: LinkPlace, now: Date): Promise<string | null> {
  const token = await wall.write(accountsViewer, async (db) =>
    (await isUnderWay(db, now)) ? 'under way' : issueSetupLink(db, now),
  );
  if (token === null) return null;
  if (token === 'under way') return `This installation is being set up. ${COMMAND}`;
  try {
    return `This installation waits to be set up. ${handOver(token, place)}`;
  } catch {
    return `This installation waits to be set up, and its data folder cannot be written. ${COMMAND}`;
  }
}

/** Shows a link or leaves it in a file, and says where it is. @throws when the file cannot be written. */
export function handOver(token: string, { publicUrl, dataDir, terminal }: LinkPlace): string {
  const link = `${publicUrl}/setup?token=${token}`;
  if (terminal.isTTY === true) {
    terminal.write(`Set it up within a day, once: ${link}\n`);
    return 'The link is on this terminal.';
  }
  const file = path.join(dataDir, 'setup-link');
  writePrivate(file, `${link}\n`);
  return `The link is in ${file}, and good once, for a day.`;
}

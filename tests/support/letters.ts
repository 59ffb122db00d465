import { accountsViewer } from '../../src/access/viewer';
import type { Dossier } from './dossier';
import { until } from './until';

/** A letter of the outbox, as its row has it. */
export interface Kept {
  readonly id: string;
  readonly kind: string;
  readonly lang: string;
  readonly recipient: string;
  readonly accountId: string | null;
  readonly data: { readonly token?: string };
  readonly sentAt: Date | null;
  readonly attempts: number;
  readonly failure: string | null;
}

/** The letters to an address, the oldest first. */
export async function lettersTo(dossier: Dossier, recipient: string, kind?: string): Promise<Kept[]> {
  const rows = await dossier.wall.read(accountsViewer, (db) =>
    db.letter.findMany({
      where: { recipient, ...(kind === undefined ? {} : { kind }) },
      orderBy: [{ createdAt: 'asc' }],
    }),
  );
  return rows as unknown as Kept[];
}

/** The token of the newest letter of a kind to an address, once there are `count` of them. */
export async function tokenTo(dossier: Dossier, recipient: string, kind: string, count = 1): Promise<string> {
  await until(async () => (await lettersTo(dossier, recipient, kind)).length >= count);
  return (await lettersTo(dossier, recipient, kind)).at(-1)!.data.token!;
}

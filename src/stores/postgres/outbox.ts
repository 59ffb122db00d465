import type { WallTransaction } from './wall';

/** A letter to be sent: what it is, to whom, and what its words need. */
export interface LetterDraft {
  /** The same cause gives the same key: written twice, it is one letter. */
  readonly key: string;
  /** Names the template and its phrases, such as `verify-email`. */
  readonly kind: string;
  /** Language code of the recipient. */
  readonly lang: string;
  readonly recipient: string;
  readonly accountId: string | null;
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Writes a letter into the outbox, in the transaction of what causes it: both are there, or neither. A worker sends
 * it afterwards (src/mail). The transaction must be the registrar's.
 */
export async function writeLetter(
  db: WallTransaction,
  { key, kind, lang, recipient, accountId, data }: LetterDraft,
): Promise<void> {
  await db.letter.createMany({ data: [{ key, kind, lang, recipient, accountId, data }], skipDuplicates: true });
}

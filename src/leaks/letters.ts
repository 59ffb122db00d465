import type { Visitor } from './accounts';
import type { LeakRecorder } from './recorder';
import type { Planted } from './plant';

/**
 * The texts of a letter about briefings as it would be sent now to an account, or to a subscriber without one (subject,
 * preheader, HTML, plain text); null: none would.
 */
export type LetterFor = (recipientId: string, briefingIds: readonly string[]) => Promise<readonly string[] | null>;

/** Composes for everybody what many would get: each briefing by itself, and all of them as a digest. */
export async function walkLetters(
  letterFor: LetterFor,
  { ids, published, hidden }: Pick<Planted, 'ids' | 'published' | 'hidden'>,
  visitors: readonly Visitor[],
  recorder: LeakRecorder,
): Promise<void> {
  const all = [...published, ...hidden].flatMap((slug) => ids[slug] ?? []);
  for (const visitor of visitors) {
    const { recipientId, letters } = visitor;
    if (recipientId === null) continue;
    for (const about of [...all.map((id) => [id]), all]) {
      const texts = await letterFor(recipientId, about);
      recorder.recordLetter(visitor, letters, texts ?? []);
    }
  }
}

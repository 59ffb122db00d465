import { z } from 'zod';
import type { LetterKinds } from '../lib/letter';
import type { WallTransaction } from '../stores/postgres/wall';

/** The letters of the desk, to those who work there. They say no word of a briefing: it lies behind the desk's door. */
export const deskLetterKinds = {
  'review-wanted': {
    data: z.strictObject({ briefing: z.uuid().optional() }),
    opens: ({ briefing }) => (briefing === undefined ? '/desk?state=in-review' : `/desk/briefings/${briefing}`),
  },
} as const satisfies LetterKinds;

/**
 * Tells everybody who works at the desk, but whoever did it, that a briefing waits to be read; once for each time it is
 * submitted, which its revision counts. Within the transaction that submits it.
 */
export async function tellOfReview(
  db: WallTransaction,
  briefing: string,
  revision: number,
  submitter: string | null,
): Promise<void> {
  const about = JSON.stringify({ briefing });
  const cause = `${briefing} ${revision}`;
  await db.$queryRaw`SELECT wall.write_to_desk('review-wanted', ${cause}, ${about}::jsonb, ${submitter}::uuid)`;
}

import { createHash } from 'node:crypto';
import { accountsViewer, editorialViewer } from '../../access/viewer';
import type { Clock } from '../../lib/clock';
import { hasFollowers } from '../../membership/followers';
import type { Wall } from '../../stores/postgres/wall';
import { LATE_HOURS } from '../states';
import { moveIssue, writeIssue } from '../store';

const HOUR = 3_600_000;

/** Hours in which what nobody could begin is still begun. */
const MOST_HOURS = 72;

/** The id of the alert about a briefing at a moment: however often it is asked for, it is one. */
function alertId(briefingId: string, moment: Date): string {
  const hex = createHash('sha256').update(`alert ${briefingId} ${moment.toISOString()}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

export interface AlertParts {
  readonly wall: Wall;
  readonly clock: Clock;
}

/**
 * Begins an alert about each briefing that was published, or has opened to everybody, and that somebody may follow. One
 * that comes hours late, because nothing worked on the queue, stands still until an editor lets it go on.
 */
export async function beginAlerts({ wall, clock }: AlertParts): Promise<void> {
  const now = clock.now();
  const fresh = { gt: new Date(now.getTime() - MOST_HOURS * HOUR), lte: now };
  const briefings = await wall.read(editorialViewer, (db) =>
    db.briefing.findMany({
      where: {
        copyOf: null,
        state: 'published',
        publishedAt: { lte: now },
        OR: [{ publishedAt: fresh }, { earlyUntil: fresh }],
      },
      select: { id: true, publishedAt: true, earlyUntil: true },
    }),
  );
  const moments = briefings.flatMap(({ id, publishedAt, earlyUntil }) =>
    [publishedAt, earlyUntil].flatMap((moment) =>
      moment !== null && moment > fresh.gt && moment <= now ? [{ id, moment, issueId: alertId(id, moment) }] : [],
    ),
  );
  if (moments.length === 0) return;
  await wall.write(accountsViewer, async (db) => {
    const begun = await db.issue.findMany({
      where: { id: { in: moments.map(({ issueId }) => issueId) } },
      select: { id: true },
    });
    const there = new Set(begun.map(({ id }) => id));
    for (const { id, moment, issueId } of moments) {
      if (there.has(issueId) || !(await hasFollowers(db, 'each', moment))) continue;
      const words = { digest: null, alert: true, subjects: {}, preheaders: {}, authorId: null };
      const audience = { lists: [], tiers: [], labels: [] };
      await writeIssue(db, { ...words, id: issueId, briefingIds: [id], audience, sendAt: moment }, now);
      if (now.getTime() - moment.getTime() > LATE_HOURS * HOUR)
        await moveIssue(db, issueId, ['scheduled'], { state: 'paused', reason: 'late' }, now);
    }
  });
}

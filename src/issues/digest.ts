import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { accountsViewer, editorialViewer } from '../access/viewer';
import type { Clock } from '../lib/clock';
import type { Wall } from '../stores/postgres/wall';
import type { Digest } from './lists';
import { LATE_HOURS } from './states';
import { writeIssue } from './store';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS: Readonly<Record<Digest, number>> = { daily: 1, weekly: 7 };

/** When a digest goes, by the clocks of the publication's time zone: each morning, a weekly one on Mondays. */
const TIME = Temporal.PlainTime.from('06:00');
const MONDAY = 1;

/** Briefings of one digest at most; older ones are left to the pages. */
const MOST = 20;

/** The last moment that a digest was to go. */
export function lastDue(digest: Digest, now: Date, zone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  const today = local.toPlainDate();
  const back = digest === 'weekly' ? today.dayOfWeek - MONDAY : 0;
  const at = (days: number) => today.subtract({ days }).toZonedDateTime({ timeZone: zone, plainTime: TIME });
  // Where a zone leaves out a whole day, the morning before it is two days ago.
  const due = [0, 1, 2].map((times) => at(back + times * DAYS[digest]).epochMilliseconds);
  return new Date(due.find((moment) => moment <= local.epochMilliseconds)!);
}

export interface DigestParts {
  readonly wall: Wall;
  readonly clock: Clock;
  /** The publication's time zone. */
  readonly zone: string;
}

/**
 * Begins the digest of a list when it is due: what has been published, or has opened to everybody, since the one
 * before. Nothing goes out where there is nothing new. However often it is asked, it is one digest. After another time
 * zone was set a digest comes no sooner than half its time after the one before, and has what is new since that one.
 */
export async function beginDigest({ wall, clock, zone }: DigestParts, digest: Digest): Promise<void> {
  const now = clock.now();
  const due = lastDue(digest, now, zone);
  if (now.getTime() - due.getTime() >= LATE_HOURS * HOUR) return;
  const { last, tiers } = await wall.read(accountsViewer, async (db) => ({
    last: await db.issue.findFirst({ where: { digest }, orderBy: { sendAt: 'desc' }, select: { sendAt: true } }),
    tiers: await db.tier.findMany({ select: { slug: true } }),
  }));
  const before = last?.sendAt.getTime() ?? due.getTime() - DAYS[digest] * DAY;
  if (due.getTime() - before < (DAYS[digest] * DAY) / 2) return;
  const since = new Date(Math.max(due.getTime() - 2 * DAYS[digest] * DAY, before));
  // Whenever it is asked, it is about what there was at that moment.
  const fresh = { gt: since, lte: due };
  const briefings = await wall.read(editorialViewer, (db) =>
    db.briefing.findMany({
      where: {
        copyOf: null,
        state: 'published',
        publishedAt: { lte: due },
        OR: [{ publishedAt: fresh }, { earlyUntil: fresh }],
      },
      orderBy: [{ publishedAt: 'desc' }, { slug: 'asc' }],
      take: MOST,
      select: { id: true },
    }),
  );
  if (briefings.length === 0) return;
  await wall.write(accountsViewer, (db) =>
    writeIssue(
      db,
      {
        ...{ id: randomUUID(), digest, sendAt: due, authorId: null, subjects: {}, preheaders: {} },
        briefingIds: briefings.map(({ id }) => id),
        audience: { lists: [digest], tiers: tiers.map(({ slug }) => slug), labels: [] },
      },
      now,
    ),
  );
}

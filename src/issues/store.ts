import { audienceSchema, type Audience } from './audience';
import type { Digest } from './lists';
import { LATE_HOURS, type IssueLetterState, type IssueState, type Reason } from './states';
import { addJob } from '../stores/postgres/jobs';
import type { WallTransaction } from '../stores/postgres/wall';

/** The task that goes on with an issue; its job carries the issue's id, and nothing else. */
export const SEND_ISSUE = 'send-issue';

/** An issue as it stands. */
export interface IssueRow {
  readonly id: string;
  readonly digest: Digest | null;
  /** Does it tell followers at once, and nobody sent it? */
  readonly alert: boolean;
  readonly briefingIds: readonly string[];
  readonly subjects: Readonly<Record<string, string>>;
  readonly preheaders: Readonly<Record<string, string>>;
  readonly audience: Audience;
  readonly state: IssueState;
  readonly reason: Reason | null;
  readonly sendAt: Date;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly touchedAt: Date;
  readonly finishedAt: Date | null;
  readonly version: number;
}

type Row = NonNullable<Awaited<ReturnType<WallTransaction['issue']['findUnique']>>>;

export const issueOf = (row: Row): IssueRow => ({
  ...row,
  digest: row.digest as Digest | null,
  subjects: row.subjects as Record<string, string>,
  preheaders: row.preheaders as Record<string, string>,
  audience: audienceSchema.parse(row.audience),
  state: row.state as IssueState,
  reason: row.reason as Reason | null,
});

/** The issue, or null where there is none. The transaction must be the registrar's, as all of these. */
export async function findIssue(db: WallTransaction, id: string): Promise<IssueRow | null> {
  const row = await db.issue.findUnique({ where: { id } });
  return row && issueOf(row);
}

/** One job to an issue; those of all issues are done one after the other, so that what is sent per second is known. */
export const queueIssue = (db: WallTransaction, id: string, seconds = 0): Promise<void> =>
  addJob(db, SEND_ISSUE, { issue: id }, { key: `issue ${id}`, queue: 'issues', attempts: 25, seconds });

export interface IssueDraft {
  readonly id: string;
  readonly digest: Digest | null;
  readonly alert?: boolean;
  readonly briefingIds: readonly string[];
  readonly subjects: Readonly<Record<string, string>>;
  readonly preheaders: Readonly<Record<string, string>>;
  readonly audience: Audience;
  readonly sendAt: Date;
  readonly authorId: string | null;
}

/** Writes an issue and its job. Nothing happens where it is there already, or another digest of that moment. */
export async function writeIssue(db: WallTransaction, draft: IssueDraft, now: Date): Promise<void> {
  const { count } = await db.issue.createMany({
    data: [
      {
        ...draft,
        briefingIds: [...draft.briefingIds],
        subjects: { ...draft.subjects },
        preheaders: { ...draft.preheaders },
        audience: draft.audience,
        ...{ state: 'scheduled', createdAt: now, touchedAt: now },
      },
    ],
    skipDuplicates: true,
  });
  if (count === 1) await queueIssue(db, draft.id, Math.max(0, (draft.sendAt.getTime() - now.getTime()) / 1_000));
}

/** Has nothing gone of it for so long that it is asked for again before it goes on? */
export const isLate = ({ sendAt, touchedAt }: Pick<IssueRow, 'sendAt' | 'touchedAt'>, now: Date): boolean =>
  now.getTime() - Math.max(sendAt.getTime(), touchedAt.getTime()) > LATE_HOURS * 3_600_000;

/** Moves an issue on, unless it stands elsewhere by now. @returns whether it did. */
export async function moveIssue(
  db: WallTransaction,
  id: string,
  from: readonly IssueState[],
  to: {
    readonly state: IssueState;
    readonly reason?: Reason | null;
    readonly finishedAt?: Date;
    readonly startedAt?: Date;
  },
  now: Date,
): Promise<boolean> {
  const { count } = await db.issue.updateMany({
    where: { id, state: { in: [...from] } },
    data: { reason: null, ...to, touchedAt: now, version: { increment: 1 } },
  });
  return count === 1;
}

/** How many letters of an issue stand where. */
export type LetterCounts = Readonly<Record<IssueLetterState, number>>;

/** How many of its letters stand where. */
export const countLetters = async (db: WallTransaction, id: string): Promise<LetterCounts> =>
  (await countLettersOf(db, [id]))(id);

/** The same of several issues. */
export async function countLettersOf(
  db: WallTransaction,
  ids: readonly string[],
): Promise<(id: string) => LetterCounts> {
  const rows = await db.issueLetter.groupBy({
    by: ['issueId', 'state'],
    where: { issueId: { in: [...ids] } },
    _count: true,
  });
  return (id) => {
    const of = (state: IssueLetterState) => rows.find((row) => row.issueId === id && row.state === state)?._count ?? 0;
    return { sent: of('sent'), failed: of('failed'), waiting: of('waiting'), skipped: of('skipped') };
  };
}

/** Issues, the newest first; an alert that was for nobody is none. */
export async function listIssues(
  db: WallTransaction,
  { skip, take }: { readonly skip: number; readonly take: number },
): Promise<IssueRow[]> {
  const rows = await db.issue.findMany({
    where: { OR: [{ alert: false }, { state: { not: 'sent' } }, { letters: { some: {} } }] },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    ...{ skip, take },
  });
  return rows.map(issueOf);
}

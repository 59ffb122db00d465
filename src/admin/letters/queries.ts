import type { IssueLetterState } from '../../issues/states';
import { issueOf, type IssueRow } from '../../issues/store';
import type { WallTransaction } from '../../stores/postgres/wall';

/** Which letters are meant. */
export interface LetterFilter {
  /** A part of the address. */
  readonly q?: string | undefined;
  readonly issue?: string | undefined;
  readonly state?: IssueLetterState | undefined;
}

/** One letter to one of many. */
export interface IssueLetterRow {
  readonly id: string;
  readonly issue: IssueRow;
  /** Null: a subscriber's, or somebody's who has left. */
  readonly accountId: string | null;
  readonly email: string | null;
  readonly state: IssueLetterState;
  /** How far its recipient read when it was sent; null until then. */
  readonly rank: number | null;
  readonly lang: string | null;
  readonly failure: string | null;
  readonly at: Date;
}

/** Signs that stand for others in LIKE stand for themselves. */
const literally = (q: string): string =>
  q
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&');

function conditions({ q, issue, state }: LetterFilter) {
  const email = q === undefined ? null : { contains: literally(q) };
  return {
    ...(issue === undefined ? {} : { issueId: issue }),
    ...(state === undefined ? {} : { state }),
    ...(email && { OR: [{ account: { email } }, { subscriber: { email } }] }),
  };
}

/** Letters, the latest first. */
export async function listIssueLetters(
  db: WallTransaction,
  filter: LetterFilter,
  { skip, take }: { readonly skip: number; readonly take: number },
): Promise<IssueLetterRow[]> {
  const email = { select: { email: true } };
  const rows = await db.issueLetter.findMany({
    where: conditions(filter),
    include: { issue: true, account: email, subscriber: email },
    orderBy: [{ dueAt: 'desc' }, { id: 'asc' }],
    ...{ skip, take },
  });
  return rows.map(({ issue, account, subscriber, state, sentAt, dueAt, ...row }) => ({
    ...row,
    issue: issueOf(issue),
    email: (account ?? subscriber)?.email ?? null,
    state: state as IssueLetterState,
    at: sentAt ?? dueAt,
  }));
}

/** How many letters there are, counted up to `most`. */
export const countLettersLike = (db: WallTransaction, filter: LetterFilter, most: number): Promise<number> =>
  db.issueLetter.count({ where: conditions(filter), take: most });

/** How often the links to a briefing were opened in the letters of an issue. */
export interface ClickSum {
  readonly briefingId: string;
  readonly clicks: number;
}

/** Those of an issue, the most first. */
export const findClicks = (db: WallTransaction, issueId: string): Promise<ClickSum[]> =>
  db.issueClick.findMany({
    where: { issueId },
    orderBy: [{ clicks: 'desc' }, { briefingId: 'asc' }],
    select: { briefingId: true, clicks: true },
  });

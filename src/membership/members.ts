import type { AccountRole, GrantSource } from '../access/account-access';
import { Prisma } from '../stores/prisma/client';
import type { WallTransaction } from '../stores/postgres/wall';
import { grantedBy, rankNow, whereRankIs } from './access-sql';

/** How the list of members may be ordered. */
export const MEMBER_ORDERS = ['newest', 'oldest', 'name', 'email'] as const;
export type MemberOrder = (typeof MEMBER_ORDERS)[number];

/** Is the address of `a` blocked for letters to many? */
const BLOCKED = Prisma.sql`EXISTS (SELECT FROM mail_blocks b WHERE b.email = a.email AND b.lifted_at IS NULL)`;

export const MEMBER_STATUSES = ['active', 'suspended', 'unverified', 'refused'] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];

/** Which members are asked for; what is not said is not asked. */
export interface MemberFilter {
  /**
   * Beginnings of words of name and address, or a whole id: of the account, of a Stripe customer, subscription or
   * invoice.
   */
  readonly q?: string | undefined;
  /** The rank they have now. */
  readonly rank?: number | undefined;
  readonly source?: GrantSource | undefined;
  readonly status?: MemberStatus | undefined;
  readonly lang?: string | undefined;
  readonly role?: AccountRole | undefined;
  /** What the publisher knows them by, as it stands on the account. */
  readonly label?: string | undefined;
  /** Joined at this moment or later, and before that one. */
  readonly joinedFrom?: Date | undefined;
  readonly joinedBefore?: Date | undefined;
}

/** One line of the list. */
export interface MemberRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly lang: string;
  readonly role: AccountRole;
  readonly state: 'active' | 'suspended';
  readonly verifiedAt: Date | null;
  /** Since when letters to the address are refused for good. */
  readonly mailRefusedAt: Date | null;
  /** Does something that came back, or a complaint, keep letters to many from it? */
  readonly mailBlocked: boolean;
  readonly createdAt: Date;
  /** As `standing` would say. */
  readonly rank: number;
}

/** A place in the ordered list: the next page begins after it, the one before ends before it. */
export interface Place {
  readonly way: 'after' | 'before';
  /** What the list is ordered by, of the member at that place: a moment in milliseconds, a name or an address. */
  readonly value: string;
  readonly id: string;
}

const KEY: Readonly<
  Record<
    MemberOrder,
    { readonly column: Prisma.Sql; readonly descends: boolean; readonly valueOf: (row: MemberRow) => string }
  >
> = {
  newest: { column: Prisma.sql`a.created_at`, descends: true, valueOf: ({ createdAt }) => String(createdAt.getTime()) },
  oldest: {
    column: Prisma.sql`a.created_at`,
    descends: false,
    valueOf: ({ createdAt }) => String(createdAt.getTime()),
  },
  name: { column: Prisma.sql`lower(a.name)`, descends: false, valueOf: ({ name }) => name },
  email: { column: Prisma.sql`a.email`, descends: false, valueOf: ({ email }) => email },
};

/** The place of a member in the list. */
export const placeOf = (row: MemberRow, order: MemberOrder, way: Place['way']): Place => ({
  way,
  value: KEY[order].valueOf(row),
  id: row.id,
});

/**
 * Up to `most` members in order, beginning after a place or ending before one; found by the place itself and not by
 * counting, so that the last page comes as fast as the first.
 */
export async function listMembers(
  db: WallTransaction,
  filter: MemberFilter,
  order: MemberOrder,
  place: Place | null,
  most: number,
  now: Date,
): Promise<MemberRow[]> {
  const { column, descends } = KEY[order];
  const backwards = place?.way === 'before';
  const down = descends !== backwards;
  const direction = down ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const inOrder = Prisma.sql`ORDER BY ${column} ${direction}, a.id ${direction}`;
  const further = down ? Prisma.sql`<` : Prisma.sql`>`;
  const beyond = place
    ? Prisma.sql`AND (${column}, a.id) ${further} (${valueAt(place, order)}, ${place.id}::uuid)`
    : Prisma.empty;
  const words = onlyWords(filter) && (await areMany(db, filter.q!)) ? isSaidBy(filter.q!) : conditions(filter, now);
  // The page is found first, so that ranks are worked out for its members alone.
  const rows = await db.$queryRaw<MemberRow[]>`
    SELECT a.id::text, a.name, a.email, a.lang, a.role::text, a.state::text, a.verified_at AS "verifiedAt",
      a.mail_refused_at AS "mailRefusedAt", ${BLOCKED} AS "mailBlocked", a.created_at AS "createdAt",
      ${rankNow(now)} AS rank
    FROM (SELECT a.* FROM accounts a WHERE ${words} ${beyond} ${inOrder} LIMIT ${most}) AS a ${inOrder}`;
  return backwards ? rows.reverse() : rows;
}

/** How many members there are of this kind, counted up to `most`: more than that is more than anybody reads. */
export async function countMembers(
  db: WallTransaction,
  filter: MemberFilter,
  most: number,
  now: Date,
): Promise<number> {
  const where = conditions(filter, now, onlyWords(filter) ? most : null);
  const [row] = await db.$queryRaw<[{ n: number }]>`
    SELECT count(*)::int AS n FROM (SELECT FROM accounts a WHERE ${where} LIMIT ${most}) AS found`;
  return row.n;
}

/** How many accounts that are open stand at each rank now, whatever gives it; by rank. */
export async function countByRank(db: WallTransaction, now: Date): Promise<ReadonlyMap<number, number>> {
  const rows = await db.$queryRaw<{ rank: number; n: number }[]>`
    SELECT access.rank, count(*)::int AS n
    FROM (SELECT ${rankNow(now)} AS rank FROM accounts a WHERE a.state = 'active') AS access GROUP BY access.rank`;
  return new Map(rows.map(({ rank, n }) => [rank, n]));
}

function valueAt({ value }: Place, order: MemberOrder): Prisma.Sql {
  if (order === 'name') return Prisma.sql`lower(${value}::text)`;
  return order === 'email' ? Prisma.sql`${value}::text` : Prisma.sql`${new Date(Number(value))}::timestamptz(3)`;
}

/**
 * Members from which on it is quicker to walk the list, of whom soon enough one is meant, than to find all and put them
 * in order.
 */
const MANY = 5_000;

/** Do so many have these words that a walk through the list meets them soon? */
async function areMany(db: WallTransaction, q: string): Promise<boolean> {
  if (idOf(q) !== null) return false;
  const [row] = await db.$queryRaw<
    [{ n: number }]
  >`SELECT count(*)::int AS n FROM wall.find_members(${q}, ${MANY}::int)`;
  return row.n === MANY;
}

/**
 * Are all these words beginnings of the account's? The same as `wall.find_members`, asked of one account after the
 * other.
 */
const isSaidBy = (q: string): Prisma.Sql =>
  Prisma.sql`array_to_tsvector(wall.words_of(a.name || ' ' || a.email))
    @@ (SELECT string_agg(format('''%s'':*', word), ' & ')::tsquery FROM unnest(wall.words_of(${q})) AS word)`;

/** Is nothing asked for but words? Then as many as are counted need be found, and no more. */
const onlyWords = ({ q, ...others }: MemberFilter): boolean =>
  q !== undefined && Object.values(others).every((one) => one === undefined);

function conditions(
  { q, rank, source, status, lang, role, label, joinedFrom, joinedBefore }: MemberFilter,
  now: Date,
  mostFound: number | null = null,
): Prisma.Sql {
  const all = [
    q === undefined ? null : asked(q, mostFound),
    rank === undefined ? null : whereRankIs(rank, now),
    source === undefined ? null : grantedBy(source, now),
    status === undefined
      ? null
      : status === 'unverified'
        ? Prisma.sql`a.verified_at IS NULL`
        : status === 'refused'
          ? Prisma.sql`(a.mail_refused_at IS NOT NULL OR ${BLOCKED})`
          : Prisma.sql`a.state = ${status}::account_state`,
    lang === undefined ? null : Prisma.sql`a.lang = ${lang}`,
    role === undefined ? null : Prisma.sql`a.role = ${role}::account_role`,
    label === undefined
      ? null
      : Prisma.sql`a.id IN (SELECT l.account_id FROM account_labels l WHERE l.label = ${label})`,
    joinedFrom === undefined ? null : Prisma.sql`a.created_at >= ${joinedFrom}`,
    joinedBefore === undefined ? null : Prisma.sql`a.created_at < ${joinedBefore}`,
  ].filter((one) => one !== null);
  return all.length === 0 ? Prisma.sql`TRUE` : Prisma.join(all, ' AND ');
}

/** What somebody is looked for by: an id says itself what it is of, anything else is words. */
const asked = (q: string, most: number | null): Prisma.Sql =>
  idOf(q) ?? Prisma.sql`a.id IN (SELECT wall.find_members(${q}, ${most}::int))`;

/** The account an id is of; null for what is none. */
function idOf(q: string): Prisma.Sql | null {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(q)) return Prisma.sql`a.id = ${q}::uuid`;
  if (/^cus_\w+$/.test(q)) return Prisma.sql`a.id IN (SELECT c.account_id FROM customers c WHERE c.stripe_id = ${q})`;
  if (/^sub_\w+$/.test(q))
    return Prisma.sql`a.id IN (SELECT c.account_id FROM customers c
      JOIN subscriptions s ON s.customer_id = c.id WHERE s.stripe_id = ${q})`;
  if (/^in_\w+$/.test(q))
    return Prisma.sql`a.id IN (SELECT c.account_id FROM customers c
      JOIN invoices i ON i.customer_id = c.id WHERE i.stripe_id = ${q})`;
  return null;
}

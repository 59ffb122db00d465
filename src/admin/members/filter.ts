import { z } from 'zod';
import { ACCOUNT_ROLES, GRANT_SOURCES, type GrantSource } from '../../access/account-access';
import { HIGHEST_RANK } from '../../access/viewer';
import { Failure } from '../../lib/failure';
import { searchWords } from '../../lib/search-words';
import {
  MEMBER_ORDERS,
  MEMBER_STATUSES,
  type MemberFilter,
  type MemberOrder,
  type Place,
} from '../../membership/members';
import { afterDay, dayOf } from '../days';
import type { TierNames } from '../tier-names';

/** What stands for everybody who reads everything by their role. */
export const BY_ROLE = 'by-role';

/** What something here grants. Of the others there may be rows, brought in from elsewhere. */
export const GRANTED_SOURCES: readonly GrantSource[] = ['JOINED', 'SUBSCRIPTION', 'COMP'];

const none = z.literal('').transform(() => undefined);
const some = <T extends z.ZodType>(schema: T) => z.union([none, schema]).optional();

const asked = z.object({
  q: some(searchWords(200)),
  tier: some(z.string().regex(/^[a-z0-9-]{1,60}$/)),
  source: some(z.enum(GRANT_SOURCES)),
  status: some(z.enum(MEMBER_STATUSES)),
  lang: some(z.string().regex(/^[A-Za-z-]{2,20}$/)),
  role: some(z.enum(ACCOUNT_ROLES)),
  label: some(
    z
      .string()
      .max(200)
      .regex(/^[^\0]*$/),
  ),
  from: some(z.string().max(20)),
  to: some(z.string().max(20)),
  order: some(z.enum(MEMBER_ORDERS)),
  after: some(z.string().max(600)),
  before: some(z.string().max(600)),
});

/** What was asked for, as it stands in the address. */
export type MemberQuery = z.infer<typeof asked>;

/** @throws Failure 400 for what no form of ours asks for. */
export function parseMemberQuery(query: unknown): MemberQuery {
  const parsed = asked.safeParse(query);
  if (!parsed.success) throw new Failure(400, 'that is not asked for in this list');
  return parsed.data;
}

/**
 * The filter that was asked for, by days of that time zone, its order, and which of the days are none.
 * @throws Failure 400 for a tier there is not.
 */
export function validateMemberQuery(
  { q, tier, source, status, lang, role, label, from, to, order = 'newest' }: MemberQuery,
  tiers: TierNames,
  zone: string,
): { filter: MemberFilter; order: MemberOrder; wrong: readonly ('from' | 'to')[] } {
  const rank =
    tier === undefined
      ? undefined
      : tier === BY_ROLE
        ? HIGHEST_RANK
        : tiers.all.find(({ slug }) => slug === tier)?.rank;
  if (tier !== undefined && rank === undefined) throw new Failure(400, 'there is no such tier');
  const [first, last] = [from, to].map((one) => (one === undefined ? undefined : dayOf(one, zone)));
  return {
    filter: {
      q: q === '' ? undefined : q,
      rank,
      source,
      status,
      lang,
      role,
      label,
      joinedFrom: first ?? undefined,
      joinedBefore: last ? afterDay(last, zone) : undefined,
    },
    order,
    wrong: [...(first === null ? ['from' as const] : []), ...(last === null ? ['to' as const] : [])],
  };
}

const place = z.tuple([z.string().max(400), z.uuid()]);

/** A place as an address carries it. */
export const writePlace = ({ value, id }: Place): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url');

/** The place the address names, or null when it names none. @throws Failure 400 for what no link of ours says. */
export function readPlace({ after, before, order }: Pick<MemberQuery, 'after' | 'before' | 'order'>): Place | null {
  const given = after ?? before;
  if (given === undefined) return null;
  let parsed;
  try {
    parsed = place.parse(JSON.parse(Buffer.from(given, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new Failure(400, 'that is no place in the list', { cause });
  }
  const [value, id] = parsed;
  const dated = order === undefined || order === 'newest' || order === 'oldest';
  if (value.includes('\0') || (dated && !/^-?\d{1,15}$/.test(value)))
    throw new Failure(400, 'that is no place in the list');
  return { way: after === undefined ? 'before' : 'after', value, id };
}

import type { SiteContext } from '../../http/site-context';
import type { Clock } from '../../lib/clock';
import { nextFollowers, type Follower } from '../../membership/followers';
import { accountsViewer } from '../../access/viewer';
import { matchSearches, type SavedSearch } from '../../search/matches';
import type { Wall } from '../../stores/postgres/wall';
import type { IssueRow } from '../store';

export interface MatchingParts {
  readonly wall: Wall;
  readonly site: SiteContext;
  /** What grants go by. */
  readonly entitlements: Clock;
}

type Published = readonly { readonly id: string }[];

/** Ids of the briefings that somebody hears of by what they follow. */
export type Followed<One> = (one: One) => ReadonlySet<string>;

type Asking = Pick<Follower, 'rank' | 'follows'>;

/** Searches that are asked in one transaction, and followers that are looked at together. */
const AT_ONCE = 500;

const keyOf = ({ query, lang }: SavedSearch) => `${lang} ${query}`;

/** What each search finds among the same briefings, rank by rank: asked once, however many follow it. */
type Known = Map<number, Map<string, readonly string[]>>;

/**
 * Which of these briefings each of them hears of by what they follow: decided in a context of each one's own rank, so
 * that a word they may not read brings them no letter.
 */
export async function followedIn<One extends Asking>(
  { wall, site }: Pick<MatchingParts, 'wall' | 'site'>,
  published: Published,
  all: readonly One[],
  known: Known = new Map(),
): Promise<Followed<One>> {
  const ids = published.map(({ id }) => id);
  const { zone } = site.languages.first;
  for (const rank of new Set(all.map((one) => one.rank))) {
    const found = known.get(rank) ?? new Map<string, readonly string[]>();
    known.set(rank, found);
    const searches = all.filter((one) => one.rank === rank).flatMap(({ follows }) => follows);
    const fresh = [...new Map(searches.map((one) => [keyOf(one), one])).values()].filter(
      (one) => !found.has(keyOf(one)),
    );
    for (let at = 0; at < fresh.length; at += AT_ONCE) {
      const some = fresh.slice(at, at + AT_ONCE);
      const hits = await wall.read({ role: 'reader', rank }, (db) =>
        matchSearches(db, { role: 'reader', rank }, some, ids, zone),
      );
      some.forEach((one, index) => found.set(keyOf(one), hits[index] ?? []));
    }
  }
  return ({ rank, follows }) => new Set(follows.flatMap((one) => known.get(rank)?.get(keyOf(one)) ?? []));
}

/** The accounts that hear of any of these briefings by what they follow, as far as each reads now. */
export async function findFollowers(
  parts: MatchingParts,
  { alert, digest, sendAt }: Pick<IssueRow, 'alert' | 'digest' | 'sendAt'>,
  published: Published,
): Promise<string[]> {
  const list = alert ? 'each' : digest;
  if (list === null || published.length === 0) return [];
  const { wall, entitlements } = parts;
  const known: Known = new Map();
  const found: string[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const asked = { list, moment: sendAt, after, most: AT_ONCE, now: entitlements.now() };
    const some = await wall.read(accountsViewer, (db) => nextFollowers(db, asked));
    const followed = await followedIn(parts, published, some, known);
    found.push(...some.filter((one) => followed(one).size > 0).map(({ accountId }) => accountId));
    if (some.length < AT_ONCE) return found;
    after = some.at(-1)!.accountId;
  }
}

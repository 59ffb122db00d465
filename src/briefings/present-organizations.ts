import type { Matrix } from '../access/matrix';
import { loadMatrix } from '../membership/matrix';
import { loadShape } from '../site/shape/load';
import { wordOf, type BriefingShape } from '../site/shape/shape';
import type { WallTransaction } from '../stores/postgres/wall';
import { TEMPORARY_KEY, type BriefingContent, type OrganizationContent, type PassageContent } from './content';
import { presentSlugs } from './organizations';
import type { WholeRow } from './reading/rows';
import { toSlug } from './vocabulary';

/** Organizations as they are now. */
export interface PresentOrganizations {
  /** Which organization has each slug that one had before. */
  readonly former: ReadonlyMap<string, string>;
  /** By slug. */
  readonly known: ReadonlyMap<string, Pick<OrganizationContent, 'name' | 'url'>>;
}

type Rules = Pick<BriefingShape, 'kinds'> & Pick<Matrix, 'tiers'>;

/** The own tier of one passage, in one language or in all. */
interface OwnTier {
  readonly kind: string;
  readonly key: string;
  readonly tier: string;
  /** The first moment at which it no longer counts; null: none. */
  readonly until: Date | null;
}

const ownTiersIn = ({ stricter, until }: Pick<BriefingContent, 'stricter' | 'until'>): OwnTier[] =>
  Object.entries(stricter).map(([name, tier]) => {
    const [kind = '', key = ''] = name.split('/');
    return { kind, key, tier, until: until[name] ?? null };
  });

/**
 * What was kept or written some time ago, with each organization under the slug it has now, and once. Where two became
 * one since, their notes of one kind stand in one text, for the stricter tier of both.
 * @param own the tiers of its passages, where two of them may have one key already
 */
export function underPresentSlugs(
  content: BriefingContent,
  { former, known }: PresentOrganizations,
  rules: Rules,
  own: readonly OwnTier[] = ownTiersIn(content),
): BriefingContent {
  if (!content.organizations.some(({ key }) => former.has(key))) return content;
  const present = (key: string) => former.get(key) ?? key;
  const isNote = (kind: string) => wordOf(rules.kinds, kind)?.shape === 'per-organization';
  const keyOf = (kind: string, key: string) => (isNote(kind) ? present(key) : key);
  return {
    ...content,
    organizations: once(
      content.organizations.map((one) => {
        const key = present(one.key);
        return key === one.key ? one : { ...one, key, ...known.get(key) };
      }),
    ),
    ...strictest(
      own.map((one) => ({ ...one, key: keyOf(one.kind, one.key) })),
      rules,
    ),
    editions: Object.fromEntries(
      Object.entries(content.editions).map(([lang, edition]) => [
        lang,
        { ...edition, passages: joined(edition.passages.map((one) => ({ ...one, key: keyOf(one.kind, one.key) }))) },
      ]),
    ),
  };
}

const once = (all: readonly OrganizationContent[]) =>
  all.filter(({ key }, index) => all.findIndex((one) => one.key === key) === index);

function joined(passages: readonly PassageContent[]): PassageContent[] {
  const all = new Map<string, PassageContent>();
  for (const one of passages) {
    const name = `${one.kind}/${one.key}`;
    const before = all.get(name);
    all.set(name, before ? { ...before, text: `${before.text}\n\n${one.text}` } : one);
  }
  return [...all.values()];
}

/** For each passage the highest of its own tiers, and the last of their ends; none where one of them has none. */
function strictest(own: readonly OwnTier[], { tiers }: Rules): Pick<BriefingContent, 'stricter' | 'until'> {
  const rankOf = (slug: string) => tiers.find((one) => one.slug === slug)?.rank ?? Infinity;
  const all = new Map<string, Pick<OwnTier, 'tier' | 'until'>>();
  for (const { kind, key, ...one } of own) {
    const other = all.get(`${kind}/${key}`) ?? one;
    all.set(`${kind}/${key}`, {
      tier: rankOf(other.tier) >= rankOf(one.tier) ? other.tier : one.tier,
      until: other.until && one.until && (other.until > one.until ? other.until : one.until),
    });
  }
  return {
    stricter: Object.fromEntries([...all].map(([name, { tier }]) => [name, tier])),
    until: Object.fromEntries([...all].flatMap(([name, { until }]) => (until === null ? [] : [[name, until]]))),
  };
}

/**
 * What a revision or a restore point kept, with its organizations under the slugs, names and sites they have now.
 * @param passages the rows that its passages were read from
 */
export async function withPresentOrganizations(
  db: WallTransaction,
  content: BriefingContent,
  passages: WholeRow['passages'],
): Promise<BriefingContent> {
  const keys = content.organizations.map(({ key }) => key);
  if (keys.length === 0) return content;
  const former = await presentSlugs(db, keys);
  const slugs = keys.map((key) => former.get(key) ?? key).filter((key) => !key.startsWith(TEMPORARY_KEY));
  const rows = await db.organization.findMany({
    where: { slug: { in: slugs } },
    select: { slug: true, name: true, url: true },
  });
  const known = new Map(rows.map(({ slug, name, url }) => [slug, { name, url }]));
  const present =
    former.size === 0
      ? content
      : underPresentSlugs(
          content,
          { former, known },
          { ...(await loadShape(db)), tiers: (await loadMatrix(db)).tiers },
          passages.flatMap(({ kind, key, tierSlug: tier, tierUntil: until }) =>
            tier === null ? [] : [{ kind: toSlug(kind), key, tier, until }],
          ),
        );
  return {
    ...present,
    organizations: present.organizations.map((one) => {
      const now = known.get(one.key);
      return now ? { ...one, name: now.name, url: now.url ?? one.url } : one;
    }),
  };
}

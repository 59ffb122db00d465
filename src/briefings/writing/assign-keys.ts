import { domainToUnicode } from 'node:url';
import { slugOf } from '../../lib/slug';
import { wordOf, type BriefingShape, type KindShape } from '../../site/shape/shape';
import { TEMPORARY_KEY, type BriefingContent, type EditionContent } from '../content';
import { KEY } from '../file/shape';

/** What the slug of a briefing begins with whose title has no letter to make one of. */
const UNTITLED = 'untitled';

/** The slug that a briefing of this title begins with. */
export function slugForTitle(title: string, taken: (slug: string) => boolean): string {
  let slug = slugOf(title);
  // A slug of that beginning would count as one that is not lasting.
  while (slug.startsWith(TEMPORARY_KEY)) slug = slug.slice(TEMPORARY_KEY.length);
  return uniqueSlug(slug || UNTITLED, taken);
}

/** Was the slug made up, because there was no title to make it of? */
export function isInventedSlug({ slug, editions }: Pick<BriefingContent, 'slug' | 'editions'>): boolean {
  const named = Object.values(editions).some(({ title }) => title !== null && slugOf(title).startsWith(UNTITLED));
  return !named && new RegExp(`^${UNTITLED}(?:-\\d+)?$`).test(slug);
}

/** The first of `wish`, `wish-2`, `wish-3` … that is not taken. */
export function uniqueSlug(preferred: string, taken: (slug: string) => boolean): string {
  for (let n = 1; ; n++) {
    const slug = n === 1 ? preferred : `${preferred.slice(0, 76)}-${n}`;
    if (!taken(slug)) return slug;
  }
}

/** New names of rows by what they are and the key they had. */
type Renamed = Map<string, string>;

/** What the rows of one sort are given lasting keys of. */
interface Keyed {
  /** `@source`, `@organization`, or the slug of a kind: no slug begins like the first two. */
  readonly sort: string;
  readonly keys: readonly string[];
  readonly preferred: (key: string) => string;
  /** Keys that belong to others. */
  readonly foreign?: ReadonlySet<string>;
}

function assignTo(renamed: Renamed, { sort, keys, preferred, foreign = new Set() }: Keyed): void {
  const taken = new Set(keys.filter((key) => !key.startsWith(TEMPORARY_KEY)));
  for (const key of keys.filter((one) => one.startsWith(TEMPORARY_KEY))) {
    const preferredKey = preferred(key);
    const lasting = uniqueSlug(
      KEY.test(preferredKey) && !preferredKey.startsWith(TEMPORARY_KEY) ? preferredKey : sort.replace('@', ''),
      (one) => taken.has(one) || foreign.has(one),
    );
    taken.add(lasting);
    renamed.set(`${sort}/${key}`, lasting);
  }
}

const hostSlug = (url: string): string => slugOf(domainToUnicode(new URL(url).hostname).replace(/^www\./, ''), 60);

const SOURCE = '@source';
const ORGANIZATION = '@organization';

/** What hangs on a source or an organization has its key; every other kind has keys of its own. */
const SUBJECT_OF: Readonly<Partial<Record<KindShape, string>>> = {
  'per-source': SOURCE,
  'per-organization': ORGANIZATION,
};

/**
 * The content with a lasting key in place of each passing one. `organizations`: slugs that belong to others. Passages
 * of a kind that nobody knows are keyed like a list's.
 */
export function assignKeys(
  content: BriefingContent,
  { kinds }: Pick<BriefingShape, 'kinds'>,
  organizations: ReadonlySet<string>,
): BriefingContent {
  const renamed: Renamed = new Map();
  const sortOf = (kind: string) => SUBJECT_OF[wordOf(kinds, kind)?.shape ?? 'list'] ?? kind;
  const passages = Object.values(content.editions).flatMap((edition) => edition.passages);
  assignTo(renamed, {
    sort: SOURCE,
    keys: content.sources.map(({ key }) => key),
    preferred: (key) => hostSlug(content.sources.find((one) => one.key === key)!.url),
  });
  assignTo(renamed, {
    sort: ORGANIZATION,
    keys: content.organizations.map(({ key }) => key),
    preferred: (key) => slugOf(content.organizations.find((one) => one.key === key)!.name),
    foreign: organizations,
  });
  for (const kind of new Set(passages.map((one) => one.kind))) {
    if (sortOf(kind) !== kind) continue;
    const keys = [...new Set(passages.filter((one) => one.kind === kind).map(({ key }) => key))];
    assignTo(renamed, { sort: kind, keys, preferred: () => kind });
  }
  return withKeys(content, (kind, key) => renamed.get(`${kind}/${key}`) ?? key, sortOf);
}

/** The content with the key that `keyOf` gives each row of a sort. */
function withKeys(
  content: BriefingContent,
  keyOf: (sort: string, key: string) => string,
  sortOf: (kind: string) => string,
): BriefingContent {
  const named = <Value>(fields: Readonly<Record<string, Value>>) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => {
        const [kind = '', key = ''] = name.split('/');
        return [`${kind}/${keyOf(sortOf(kind), key)}`, value];
      }),
    );
  const edition = (one: EditionContent): EditionContent => ({
    ...one,
    sources: Object.fromEntries(Object.entries(one.sources).map(([key, texts]) => [keyOf(SOURCE, key), texts])),
    passages: one.passages.map((passage) => ({ ...passage, key: keyOf(sortOf(passage.kind), passage.key) })),
  });
  return {
    ...content,
    sources: content.sources.map((one) => ({ ...one, key: keyOf(SOURCE, one.key) })),
    organizations: content.organizations.map((one) => ({ ...one, key: keyOf(ORGANIZATION, one.key) })),
    stricter: named(content.stricter),
    until: named(content.until),
    editions: Object.fromEntries(Object.entries(content.editions).map(([lang, one]) => [lang, edition(one)])),
  };
}

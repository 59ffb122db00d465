import { domainToUnicode } from 'node:url';
import { slugOf } from '../../lib/slug';
import type { BriefingContent, EditionContent } from '../file/content';
import { KEY } from '../file/shape';
import { TEMPORARY_KEY } from './working-copies';

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
export function uniqueSlug(wish: string, taken: (slug: string) => boolean): string {
  for (let n = 1; ; n++) {
    const slug = n === 1 ? wish : `${wish.slice(0, 76)}-${n}`;
    if (!taken(slug)) return slug;
  }
}

/** The content with a lasting key in place of each passing one. `organizations`: slugs that belong to others. */
export function assignKeys(content: BriefingContent, organizations: ReadonlySet<string>): BriefingContent {
  const renamed = new Map<string, string>();
  const settle = (
    kind: string,
    keys: readonly string[],
    wish: (key: string) => string,
    foreign: ReadonlySet<string> = new Set(),
  ) => {
    const taken = new Set(keys.filter((key) => !key.startsWith(TEMPORARY_KEY)));
    for (const key of keys.filter((one) => one.startsWith(TEMPORARY_KEY))) {
      const wished = wish(key);
      const lasting = uniqueSlug(
        KEY.test(wished) && !wished.startsWith(TEMPORARY_KEY) ? wished : kind,
        (one) => taken.has(one) || foreign.has(one),
      );
      taken.add(lasting);
      renamed.set(`${kind}/${key}`, lasting);
    }
  };
  const host = (url: string) => slugOf(domainToUnicode(new URL(url).hostname).replace(/^www\./, ''), 60);
  settle(
    'source',
    content.sources.map(({ key }) => key),
    (key) => host(content.sources.find((one) => one.key === key)!.url),
  );
  settle(
    'organization',
    content.organizations.map(({ key }) => key),
    (key) => slugOf(content.organizations.find((one) => one.key === key)!.name),
    organizations,
  );
  for (const kind of ['trend', 'evidence', 'failure-path'] as const) {
    settle(
      kind,
      [
        ...new Set(
          Object.values(content.editions).flatMap(({ passages }) =>
            passages.filter((one) => one.kind === kind).map(({ key }) => key),
          ),
        ),
      ],
      () => kind,
    );
  }
  const keyOf = (kind: string, key: string) => renamed.get(`${kind === 'source-note' ? 'source' : kind}/${key}`) ?? key;
  const named = <Value>(fields: Readonly<Record<string, Value>>) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => {
        const [kind = '', key = ''] = name.split('/');
        return [`${kind}/${keyOf(kind, key)}`, value];
      }),
    );
  const edition = (one: EditionContent): EditionContent => ({
    ...one,
    sources: Object.fromEntries(Object.entries(one.sources).map(([key, texts]) => [keyOf('source', key), texts])),
    passages: one.passages.map((passage) => ({ ...passage, key: keyOf(passage.kind, passage.key) })),
  });
  return {
    ...content,
    sources: content.sources.map((one) => ({ ...one, key: keyOf('source', one.key) })),
    organizations: content.organizations.map((one) => ({ ...one, key: keyOf('organization', one.key) })),
    stricter: named(content.stricter),
    until: named(content.until),
    editions: Object.fromEntries(Object.entries(content.editions).map(([lang, one]) => [lang, edition(one)])),
  };
}

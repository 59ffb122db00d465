import { NOBODY, tierOfKind, type Tier } from '../../access/matrix';
import { wordOf, type BriefingShape } from '../../site/shape/shape';
import { unchosenIn, type BriefingContent } from '../content';
import { shown, type Fault } from './fault';
import type { Path } from './front-matter';
import type { ImportContext } from './import-context';
import { allowedIn } from './shape';

/** The original's file, to say where a fault stands. */
export interface Located {
  readonly file: string;
  readonly lineOf: (path: Path) => number;
}

/** The rules inside one briefing that no single field can break alone. */
export function checkOriginal(
  content: BriefingContent,
  shape: BriefingShape,
  folderName: string,
  at: Located,
): Fault[] {
  const faults: Fault[] = [];
  const fault = (where: Path, found: string, allowed: string) =>
    faults.push({ file: at.file, line: at.lineOf(where), field: where.join('.'), found, allowed });

  if (content.slug !== folderName)
    fault(['briefing', 'slug'], shown(content.slug), `the folder's name, ${shown(folderName)}`);
  if (content.state === 'published' && !content.published)
    fault(['briefing', 'published'], 'nothing', 'a UTC time, since the state is published');
  if (content.state === 'published') {
    for (const name of unchosenIn(content))
      fault(['briefing', name], 'nothing', `${allowedIn(shape)[name]}, since the state is published`);
  }
  if (content.updated && content.published && content.updated < content.published) {
    fault(['briefing', 'updated'], shown(content.updated.toISOString()), 'a time not before published');
  }
  repeated(
    content.sources.map(({ key }) => key),
    (index, first) =>
      fault(['briefing', 'sources', index, 'key'], `the key of row ${first + 1} again`, 'each key once'),
  );
  repeated(
    content.sources.map(({ url }) => new URL(url).href),
    (index, first) =>
      fault(['briefing', 'sources', index, 'url'], `the address of row ${first + 1} again`, 'each address once'),
  );
  for (const [field, each] of [
    ['organizations', 'each organization once'],
    ['authors', 'each author once'],
  ] as const)
    repeated(
      content[field].map(({ key }) => key),
      (index, first) => fault(['briefing', field, index, 'key'], `the key of row ${first + 1} again`, each),
    );
  repeated([content.slug, ...content.formerly], (index) =>
    fault(
      ['briefing', 'formerly', index - 1],
      shown(content.formerly[index - 1]),
      'slugs other than its own, each once',
    ),
  );

  const passages = new Set(
    Object.values(content.editions).flatMap((edition) => edition.passages.map(({ kind, key }) => `${kind}/${key}`)),
  );
  for (const name of Object.keys(content.stricter)) {
    if (!passages.has(name))
      fault(
        ['briefing', 'stricter', name],
        'a passage no file of this briefing has',
        passages.size > 0 ? `one of ${[...passages].join(', ')}` : 'none: it has no passages',
      );
  }
  lostMoments(content, fault);
  return faults;
}

/** Authors that are known under another name. */
function renamedAuthors(
  { authors }: BriefingContent,
  site: ImportContext,
  fault: (where: Path, found: string, allowed: string) => unknown,
): void {
  for (const [index, { key, name }] of authors.entries()) {
    const known = site.authors.get(key);
    if (known !== undefined && known !== name)
      fault(['briefing', 'authors', index, 'name'], shown(name), `${shown(known)}, as this author is known`);
  }
}

/** Moments of passages that have no tier of their own. */
function lostMoments(
  content: Pick<BriefingContent, 'stricter' | 'until'>,
  fault: (where: Path, found: string, allowed: string) => void,
): void {
  const stricter = Object.keys(content.stricter);
  for (const name of Object.keys(content.until)) {
    if (!stricter.includes(name))
      fault(
        ['briefing', 'until', name],
        'a time without a tier',
        stricter.length > 0 ? `one of those in stricter: ${stricter.join(', ')}` : 'none: stricter names no passage',
      );
  }
}

/** What at least one language must say: the title, and what the cover shows when there is one. */
export function checkLanguages(content: BriefingContent, folder: string): Fault[] {
  const editions = Object.values(content.editions);
  const fault = (field: string, found: string, allowed: string): Fault => ({
    file: folder,
    line: 0,
    field,
    found,
    allowed,
  });
  const described = editions.some(({ coverAlt }) => coverAlt !== null);
  return [
    ...(editions.some(({ title }) => title !== null)
      ? []
      : [fault('title', 'nothing in any language', 'a title in at least one language')]),
    ...(content.cover && !described
      ? [fault('cover-alt', 'nothing in any language', 'what the cover shows, in at least one language')]
      : []),
    ...(!content.cover && described ? [fault('cover-alt', 'a text without a cover', 'a cover, or no cover-alt')] : []),
  ];
}

/** What the briefing names must exist in the house, and not contradict it. */
export function checkAgainstSite(content: BriefingContent, site: ImportContext, at: Located): Fault[] {
  const faults: Fault[] = [];
  const fault = (where: Path, found: string, allowed: string) =>
    faults.push({ file: at.file, line: at.lineOf(where), field: where.join('.'), found, allowed });

  if (!site.categories.includes(content.category)) {
    fault(
      ['briefing', 'category'],
      shown(content.category),
      site.categories.length > 0
        ? `one of ${site.categories.join(', ')}`
        : 'a category from a categories.yaml imported before',
    );
  }
  // A new slug that names an existing one as its former is that briefing, renamed.
  const renamed = site.slugs.has(content.slug)
    ? undefined
    : content.formerly.find((slug) => site.slugs.get(slug) === slug);
  for (const [index, slug] of [content.slug, ...content.formerly].entries()) {
    const holder = site.slugs.get(slug);
    if (holder !== undefined && holder !== content.slug && holder !== renamed) {
      fault(
        index === 0 ? ['briefing', 'slug'] : ['briefing', 'formerly', index - 1],
        `${shown(slug)}, which belongs to the briefing ${shown(holder)}`,
        'a slug no other briefing has or had',
      );
    }
  }
  for (const [index, { key, name, url }] of content.organizations.entries()) {
    const known = site.organizations.get(key);
    if (known && known.name !== name)
      fault(
        ['briefing', 'organizations', index, 'name'],
        shown(name),
        `${shown(known.name)}, as this organization is known`,
      );
    if (known?.url && url !== known.url)
      fault(
        ['briefing', 'organizations', index, 'url'],
        shown(url ?? undefined),
        `${shown(known.url)}, as this organization is known`,
      );
  }
  renamedAuthors(content, site, fault);
  if (content.early) {
    const { tier: slug } = content.early;
    const above = site.matrix.tiers.filter(({ rank }) => rank > 0).map((tier) => tier.slug);
    if (!above.includes(slug)) fault(['briefing', 'early', 'tier'], shown(slug), `one of ${above.join(', ')}`);
  }
  for (const [name, tierSlug] of Object.entries(content.stricter)) {
    const tier = site.matrix.tiers.find(({ slug }) => slug === tierSlug);
    const kind = wordOf(site.shape.kinds, name.split('/')[0] ?? '')?.slug;
    const where = ['briefing', 'stricter', name];
    if (!tier) fault(where, shown(tierSlug), `one of ${site.matrix.tiers.map(({ slug }) => slug).join(', ')}`);
    // One that its kind has caught up with, by a change of the matrix, says nothing now and must hold again after the
    // next.
    else if (kind !== undefined && tier.rank < tierOfKind(site.matrix, kind).rank)
      fault(where, shown(tierSlug), strictEnough(tierOfKind(site.matrix, kind)));
  }
  return faults;
}

/** What a tier of a text's own must be beside the one that opens its kind. */
const strictEnough = (ofKind: Tier): string =>
  ofKind === NOBODY
    ? 'nothing, as long as no tier opens this kind'
    : `a tier above ${ofKind.slug}, which opens this kind`;

function repeated(values: readonly string[], tell: (index: number, first: number) => void): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (first < index) tell(index, first);
  });
}

import type { EditableBriefing } from '../briefings/writing/working-copies';
import { unchosenIn } from '../briefings/file/content';
import { figureFaults } from '../briefings/file/figures';
import { isInventedSlug } from '../briefings/writing/assign-keys';
import { isPrintable, isVisible } from '../lib/line';
import { readLocal, writeWithOffset } from '../lib/local-time';
import { saysSomething, unsafeLinks } from '../lib/markdown';
import { AXES, FACTS, LISTS } from '../briefings/vocabulary';
import { confidenceWarning, type ConfidenceRule } from './confidence/rule';
import { readMoment } from './moment';
import { GROUPS, keysOf, KIND_OF, LINES, propertyOf, textOf, type LineName } from './editor/fields';

/**
 * One thing to put right. A `fault` fits no briefing and keeps it from becoming a revision; something `missing` keeps
 * it from being published; a `warning` asks whether it is meant.
 */
export interface Finding {
  readonly level: 'fault' | 'missing' | 'warning';
  /** Which sentence says it: `check.<code>`. */
  readonly code: string;
  /** The field it is about, by its name in the form; null for the whole. */
  readonly field: string | null;
  /** Names of other fields it is about. */
  readonly fields?: readonly string[];
  readonly lang?: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/**
 * What a briefing is held against: the house's languages, the slugs other briefings have or had, and what a score
 * needs.
 */
export interface CheckAgainst {
  readonly langs: readonly string[];
  /** The publication's time zone. */
  readonly zone: string;
  readonly slugTaken: (slug: string) => boolean;
  readonly confidenceRule: ConfidenceRule;
}

/**
 * Everything that is wrong or may be at this moment, the worst first. A briefing without a fault and nothing missing
 * may be published.
 */
export function check(
  { content, unfinished, changedAt }: Pick<EditableBriefing, 'content' | 'unfinished' | 'changedAt'>,
  { langs, zone, slugTaken, confidenceRule }: CheckAgainst,
  now: Date,
): Finding[] {
  const found: Finding[] = [];
  const editions = Object.entries(content.editions);

  for (const name of Object.keys(unfinished))
    if (!name.startsWith('early.')) found.push(ofUnfinished(name, unfinished[name]!, zone));
  if ('early.until' in unfinished) {
    const [code, field] = 'early.tier' in unfinished ? ['early-until', 'early.until'] : ['early-tier', 'early.tier'];
    found.push(unclearMoment('early.until', unfinished['early.until'], zone) ?? { level: 'fault', code, field });
  }
  if (!('slug' in unfinished) && slugTaken(content.slug))
    found.push({ level: 'fault', code: 'slug-taken', field: 'slug' });
  if (content.state !== 'published' && isInventedSlug(content))
    found.push({ level: 'warning', code: 'slug-invented', field: 'slug', values: { slug: content.slug } });
  const tooLong = (field: string, text: string | null | undefined, most: number) => {
    if ((text?.length ?? 0) > most)
      found.push({ level: 'fault', code: 'too-long', field, values: { most, is: text!.length } });
    if (text && !isPrintable(text)) found.push({ level: 'fault', code: 'signs', field });
  };
  for (const [lang, edition] of editions) {
    for (const name of Object.keys(LINES) as LineName[])
      tooLong(`${name}.${lang}`, edition[propertyOf(name)], LINES[name]);
    for (const axis of AXES) tooLong(`explanations.${axis}.${lang}`, edition.explanations[axis], 600);
    for (const name of FACTS) tooLong(`facts.${name}.${lang}`, edition.facts[name], 600);
    for (const name of LISTS) for (const item of edition.lists[name] ?? []) tooLong(`lists.${name}.${lang}`, item, 300);
    for (const [key, { title, description }] of Object.entries(edition.sources)) {
      tooLong(`sources.${key}.title.${lang}`, title, 300);
      tooLong(`sources.${key}.description.${lang}`, description, 600);
    }
    // Such a line opens a passage in the briefing file: what is meant for everybody would be gated there.
    if (/^\s*::/m.test(edition.body)) found.push({ level: 'fault', code: 'fence', field: `body.${lang}` });
    const markdown = [
      [`body.${lang}`, edition.body] as const,
      ...edition.passages.map(({ kind, key, text }) => {
        const group = GROUPS.find((one) => KIND_OF[one] === kind)!;
        return [`${group}.${key}.${textOf(group)}.${lang}`, text] as const;
      }),
    ];
    for (const [field, text] of markdown) {
      for (const { address } of unsafeLinks(text))
        found.push({ level: 'fault', code: 'link', field, values: { address: address.slice(0, 60) } });
      for (const { name, what } of figureFaults(text, content.figures))
        found.push({
          level: what === 'alt' ? 'missing' : 'fault',
          code: `picture-${what}`,
          field,
          values: { name: name.slice(0, 60) },
        });
    }
  }
  for (const { key, name } of content.organizations) tooLong(`organizations.${key}.name`, name, 200);

  found.push(...empty(content));
  const titled = editions.filter(([, { title }]) => isVisible(title)).map(([lang]) => lang);
  if (content.sources.length === 0) found.push({ level: 'missing', code: 'sources', field: 'sources' });
  if (content.cover && !editions.some(([, { coverAlt }]) => coverAlt !== null))
    found.push({ level: 'missing', code: 'cover-alt', field: `cover-alt.${content.original}` });

  for (const lang of langs) {
    if (!titled.includes(lang)) {
      if (titled.length > 0) found.push({ level: 'warning', code: 'language', field: `title.${lang}`, lang });
      continue;
    }
    const gone = missingFields(content, lang);
    if (gone.length > 0)
      found.push({ level: 'warning', code: 'fields', field: gone[0]!, fields: gone, lang, values: { n: gone.length } });
    if (isStale(changedAt, content.original, lang))
      found.push({ level: 'warning', code: 'stale', field: `title.${lang}`, lang });
  }
  const { confidence } = content;
  const doubt = confidence === null ? null : confidenceWarning(confidence, content.sources, confidenceRule);
  if (doubt) found.push({ level: 'warning', code: doubt.code, field: 'confidence', values: doubt.values });
  for (const { key } of content.sources)
    if (!editions.some(([, { sources }]) => sources[key]?.title))
      found.push({ level: 'warning', code: 'source-title', field: `sources.${key}.title.${content.original}` });

  // A moment to come that holds nothing back, because readers come later still. One that has come is no embargo any
  // more.
  const lost = (until: Date | undefined) =>
    until !== undefined && until > now && content.published !== null && until <= content.published;
  if (lost(content.early?.until)) found.push({ level: 'warning', code: 'early-before', field: 'early.until' });
  for (const group of GROUPS) {
    for (const key of keysOf(content, group))
      if (lost(content.until[`${KIND_OF[group]}/${key}`]))
        found.push({ level: 'warning', code: 'until-before', field: `${group}.${key}.until` });
  }

  const order = ['fault', 'missing', 'warning'];
  return found.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

/**
 * What a reader would miss: a title, a summary and a text in some language, every choice, and whatever membership is
 * for.
 */
function empty(content: EditableBriefing['content']): Finding[] {
  const editions = Object.values(content.editions);
  const nowhere = (says: (edition: EditableBriefing['content']['editions'][string]) => boolean) => !editions.some(says);
  const missing = (code: string, field: string): Finding => ({ level: 'missing', code, field });
  return [
    ...(nowhere(({ title }) => isVisible(title)) ? [missing('title', `title.${content.original}`)] : []),
    ...(nowhere(({ summary }) => isVisible(summary)) ? [missing('summary', `summary.${content.original}`)] : []),
    ...(nowhere(({ body }) => saysSomething(body)) ? [missing('body', `body.${content.original}`)] : []),
    ...unchosenIn(content).map((name) => missing('unchosen', name)),
    ...(nowhere(({ passages }) => passages.length > 0)
      ? [{ level: 'warning', code: 'passages', field: null } satisfies Finding]
      : []),
  ];
}

/** How many moments, of the briefing and of its passages, have held something back and do no longer. */
export function passedEmbargoes(
  { early, until }: Pick<EditableBriefing['content'], 'early' | 'until'>,
  now: Date,
): number {
  return [...(early ? [early.until] : []), ...Object.values(until)].filter((moment) => moment <= now).length;
}

/** A time of the clock that is left out or comes twice where clocks are put forward or back: which is meant? */
function unclearMoment(field: string, typed: string, zone: string): Finding | null {
  const read = readLocal(typed, zone);
  if (read.is !== 'skipped' && read.is !== 'twice') return null;
  const [earlier, later] = [read.earlier, read.later].map((at) => writeWithOffset(at, zone)) as [string, string];
  return { level: 'fault', code: `until-${read.is}`, field, values: { earlier, later } };
}

function ofUnfinished(name: string, typed: string, zone: string): Finding {
  const part = name.split('.')[2];
  if (name === 'slug' || name === 'confidence') return { level: 'fault', code: name, field: name };
  if (part === 'risk') return { level: 'fault', code: 'risk', field: name };
  if (part === 'until') {
    const code = readMoment(typed, zone) ? 'until-tier' : 'until';
    return unclearMoment(name, typed, zone) ?? { level: 'fault', code, field: name };
  }
  if (part === 'name')
    return { level: 'fault', code: typed === '' ? 'organization-name' : 'organization-twice', field: name };
  if (name.startsWith('organizations.')) return { level: 'fault', code: 'organization-url', field: name };
  return { level: 'fault', code: typed === '' ? 'source-url-none' : 'source-url', field: name };
}

/** Fields that another language has and this one lacks. */
export function missingFields(content: EditableBriefing['content'], lang: string): string[] {
  const own = content.editions[lang];
  const others = Object.entries(content.editions)
    .filter(([other]) => other !== lang)
    .map(([, edition]) => edition);
  const gone: string[] = [];
  const compare = (field: string, has: (edition: NonNullable<typeof own>) => unknown) => {
    if (!(own && has(own)) && others.some(has)) gone.push(`${field}.${lang}`);
  };
  for (const name of Object.keys(LINES) as LineName[]) compare(name, (one) => one[propertyOf(name)]);
  compare('body', ({ body }) => body);
  for (const axis of AXES) compare(`explanations.${axis}`, ({ explanations }) => explanations[axis]);
  for (const name of FACTS) compare(`facts.${name}`, ({ facts }) => facts[name]);
  for (const name of LISTS) compare(`lists.${name}`, ({ lists }) => lists[name]);
  for (const { key } of content.sources) {
    compare(`sources.${key}.title`, ({ sources }) => sources[key]?.title);
    compare(`sources.${key}.description`, ({ sources }) => sources[key]?.description);
  }
  for (const group of GROUPS)
    for (const key of keysOf(content, group))
      compare(`${group}.${key}.${textOf(group)}`, ({ passages }) =>
        passages.some((one) => one.kind === KIND_OF[group] && one.key === key),
      );
  return gone;
}

/**
 * Fields that keep a language from being complete: what another one has and it has not, and what no briefing goes
 * without. A reader of that language gets each of them in another one, or not at all.
 */
export function lackingFields(content: EditableBriefing['content'], lang: string): string[] {
  const own = content.editions[lang];
  const has = {
    title: isVisible(own?.title ?? null),
    summary: isVisible(own?.summary ?? null),
    body: saysSomething(own?.body ?? ''),
  };
  const needed = Object.entries(has).flatMap(([name, there]) => (there ? [] : [`${name}.${lang}`]));
  return [...new Set([...needed, ...missingFields(content, lang)])];
}

/** Has the original changed since this translation last did? */
export function isStale(changedAt: ReadonlyMap<string, Date>, original: string, lang: string): boolean {
  const [first, own] = [changedAt.get(original), changedAt.get(lang)];
  return lang !== original && first !== undefined && own !== undefined && first.getTime() - own.getTime() > 1000;
}

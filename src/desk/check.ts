import type { EditableBriefing } from '../briefings/writing/working-copies';
import { unchosenIn } from '../briefings/content';
import { LONGEST, TEXT_FIELDS } from '../briefings/fields';
import { figureFaults } from '../briefings/file/figures';
import { isInventedSlug } from '../briefings/writing/assign-keys';
import { isPrintable, isVisible } from '../lib/line';
import { readLocal, writeWithOffset } from '../lib/local-time';
import { saysSomething, unsafeLinks } from '../lib/markdown';
import { AXES } from '../briefings/vocabulary';
import { filedSlugs, type BriefingShape } from '../site/shape/shape';
import { confidenceWarning, type ConfidenceRule } from './confidence/rule';
import { readMoment } from './moment';
import { fieldOfPassage, gatingFields, groupsOf, keysOf, passageName, slotsIn, textField } from './editor/slots';

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
  readonly shape: BriefingShape;
  readonly langs: readonly string[];
  /** The publication's time zone. */
  readonly zone: string;
  readonly slugTaken: (slug: string) => boolean;
  readonly confidenceRule: ConfidenceRule;
}

type Checked = Pick<EditableBriefing, 'content' | 'unfinished' | 'changedAt'>;
type Content = EditableBriefing['content'];

/**
 * Everything that is wrong or may be at this moment, the worst first. A briefing without a fault and nothing missing
 * may be published.
 */
export function check(at: Checked, against: CheckAgainst, now: Date): Finding[] {
  const { content } = at;
  const found = [
    ...unfinishedIn(at, against.zone),
    ...wrongSlug(at, against),
    ...Object.entries(content.editions).flatMap(([lang, edition]) => [
      ...longTexts(against.shape, edition, lang),
      ...wrongMarkdown(against.shape, content, lang),
    ]),
    ...content.organizations.flatMap(({ key, name }) =>
      tooLong(`organizations.${key}.name`, name, LONGEST.organizationName),
    ),
    ...empty(content),
    ...missingParts(content),
    ...languageGaps(at, against),
    ...doubtfulScore(content, against),
    ...untitledSources(content),
    ...lostEmbargoes(content, against.shape, now),
  ];
  const order = ['fault', 'missing', 'warning'];
  return found.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

/** What was typed and fits no field. */
function unfinishedIn({ unfinished }: Checked, zone: string): Finding[] {
  const found = Object.entries(unfinished)
    .filter(([name]) => !name.startsWith('early.'))
    .map(([name, typed]) => ofUnfinished(name, typed, zone));
  if (!('early.until' in unfinished)) return found;
  const [code, field] = 'early.tier' in unfinished ? ['early-until', 'early.until'] : ['early-tier', 'early.tier'];
  const unclear = unclearMoment('early.until', unfinished['early.until'], zone);
  return [...found, unclear ?? { level: 'fault', code, field }];
}

function wrongSlug({ content, unfinished }: Checked, { slugTaken }: CheckAgainst): Finding[] {
  const found: Finding[] = [];
  if (!('slug' in unfinished) && slugTaken(content.slug))
    found.push({ level: 'fault', code: 'slug-taken', field: 'slug' });
  if (content.state !== 'published' && isInventedSlug(content))
    found.push({ level: 'warning', code: 'slug-invented', field: 'slug', values: { slug: content.slug } });
  return found;
}

function tooLong(field: string, text: string | null | undefined, most: number): Finding[] {
  const found: Finding[] = [];
  if ((text?.length ?? 0) > most)
    found.push({ level: 'fault', code: 'too-long', field, values: { most, is: text!.length } });
  if (text && !isPrintable(text)) found.push({ level: 'fault', code: 'signs', field });
  return found;
}

function longTexts(shape: BriefingShape, edition: Content['editions'][string], lang: string): Finding[] {
  return [
    ...TEXT_FIELDS.flatMap(({ name, property, longest }) => tooLong(`${name}.${lang}`, edition[property], longest)),
    ...AXES.flatMap((axis) => tooLong(`explanations.${axis}.${lang}`, edition.explanations[axis], LONGEST.explanation)),
    ...filedSlugs(shape.facts).flatMap((name) => tooLong(`facts.${name}.${lang}`, edition.facts[name], LONGEST.fact)),
    ...filedSlugs(shape.lists).flatMap((name) =>
      (edition.lists[name] ?? []).flatMap((item) => tooLong(`lists.${name}.${lang}`, item, LONGEST.listItem)),
    ),
    ...Object.entries(edition.sources).flatMap(([key, { title, description }]) => [
      ...tooLong(`sources.${key}.title.${lang}`, title, LONGEST.sourceTitle),
      ...tooLong(`sources.${key}.description.${lang}`, description, LONGEST.sourceDescription),
    ]),
  ];
}

/** Links that lead nowhere good, and pictures that are not there. */
function wrongMarkdown(shape: BriefingShape, { editions, figures }: Content, lang: string): Finding[] {
  const { body, passages } = editions[lang]!;
  // Such a line opens a passage in the briefing file: what is meant for everybody would be gated there.
  const fences: Finding[] = /^\s*::/m.test(body) ? [{ level: 'fault', code: 'fence', field: `body.${lang}` }] : [];
  const texts = [
    [`body.${lang}`, body] as const,
    ...passages.map((one) => [fieldOfPassage(shape, one, lang), one.text] as const),
  ];
  return texts.reduce<Finding[]>(
    (found, [field, text]) => [
      ...found,
      ...unsafeLinks(text).map(({ address }): Finding => {
        return { level: 'fault', code: 'link', field, values: { address: address.slice(0, 60) } };
      }),
      ...figureFaults(text, figures).map(({ name, what }): Finding => {
        const level = what === 'alt' ? 'missing' : 'fault';
        return { level, code: `picture-${what}`, field, values: { name: name.slice(0, 60) } };
      }),
    ],
    fences,
  );
}

function missingParts({ sources, cover, editions, original }: Content): Finding[] {
  const found: Finding[] = [];
  if (sources.length === 0) found.push({ level: 'missing', code: 'sources', field: 'sources' });
  if (cover && !Object.values(editions).some(({ coverAlt }) => coverAlt !== null))
    found.push({ level: 'missing', code: 'cover-alt', field: `cover-alt.${original}` });
  return found;
}

/** Languages that are not there, lack something, or were left behind. */
function languageGaps({ content, changedAt }: Checked, { shape, langs }: CheckAgainst): Finding[] {
  const titled = Object.entries(content.editions).flatMap(([lang, { title }]) => (isVisible(title) ? [lang] : []));
  return langs.flatMap((lang): Finding[] => {
    if (!titled.includes(lang))
      return titled.length > 0 ? [{ level: 'warning', code: 'language', field: `title.${lang}`, lang }] : [];
    const gone = missingFields(shape, content, lang);
    const [first] = gone;
    return [
      ...(first === undefined
        ? []
        : [
            { level: 'warning', code: 'fields', field: first, fields: gone, lang, values: { n: gone.length } } as const,
          ]),
      ...(isStale(changedAt, content.original, lang)
        ? [{ level: 'warning', code: 'stale', field: `title.${lang}`, lang } as const]
        : []),
    ];
  });
}

function doubtfulScore({ confidence, sources }: Content, { confidenceRule }: CheckAgainst): Finding[] {
  const doubt = confidence === null ? null : confidenceWarning(confidence, sources, confidenceRule);
  return doubt ? [{ level: 'warning', code: doubt.code, field: 'confidence', values: doubt.values }] : [];
}

const untitledSources = ({ sources, editions, original }: Content): Finding[] =>
  sources
    .filter(({ key }) => !Object.values(editions).some((edition) => edition.sources[key]?.title))
    .map(({ key }) => ({ level: 'warning', code: 'source-title', field: `sources.${key}.title.${original}` }));

/**
 * Moments to come that hold nothing back, because readers come later still. One that has come is no embargo any more.
 */
function lostEmbargoes(content: Content, shape: BriefingShape, now: Date): Finding[] {
  const lost = (until: Date | undefined) =>
    until !== undefined && until > now && content.published !== null && until <= content.published;
  const early: Finding[] = lost(content.early?.until)
    ? [{ level: 'warning', code: 'early-before', field: 'early.until' }]
    : [];
  const passages = groupsOf(shape).flatMap((group) =>
    keysOf(shape, content, group).flatMap((key) =>
      slotsIn(shape, group)
        .filter((slot) => lost(content.until[passageName(slot, key)]))
        .map((slot): Finding => ({ level: 'warning', code: 'until-before', field: gatingFields(slot, key).until })),
    ),
  );
  return [...early, ...passages];
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
  const part = name.slice(name.lastIndexOf('.') + 1);
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
export function missingFields(shape: BriefingShape, content: Content, lang: string): string[] {
  const own = content.editions[lang];
  const others = Object.entries(content.editions)
    .filter(([other]) => other !== lang)
    .map(([, edition]) => edition);
  const gone: string[] = [];
  const compare = (field: string, has: (edition: NonNullable<typeof own>) => unknown) => {
    if (!(own && has(own)) && others.some(has)) gone.push(field);
  };
  for (const { name, property } of TEXT_FIELDS) compare(`${name}.${lang}`, (one) => one[property]);
  compare(`body.${lang}`, ({ body }) => body);
  for (const axis of AXES) compare(`explanations.${axis}.${lang}`, ({ explanations }) => explanations[axis]);
  for (const name of filedSlugs(shape.facts)) compare(`facts.${name}.${lang}`, ({ facts }) => facts[name]);
  for (const name of filedSlugs(shape.lists)) compare(`lists.${name}.${lang}`, ({ lists }) => lists[name]);
  for (const { key } of content.sources) {
    compare(`sources.${key}.title.${lang}`, ({ sources }) => sources[key]?.title);
    compare(`sources.${key}.description.${lang}`, ({ sources }) => sources[key]?.description);
  }
  for (const group of groupsOf(shape))
    for (const key of keysOf(shape, content, group))
      for (const slot of slotsIn(shape, group))
        compare(textField(slot, key, lang), ({ passages }) =>
          passages.some((one) => one.kind === slot.kind.slug && one.key === key),
        );
  return gone;
}

/**
 * Fields that keep a language from being complete: what another one has and it has not, and what no briefing goes
 * without. A reader of that language gets each of them in another one, or not at all.
 */
export function lackingFields(shape: BriefingShape, content: Content, lang: string): string[] {
  const own = content.editions[lang];
  const has = {
    title: isVisible(own?.title ?? null),
    summary: isVisible(own?.summary ?? null),
    body: saysSomething(own?.body ?? ''),
  };
  const needed = Object.entries(has).flatMap(([name, there]) => (there ? [] : [`${name}.${lang}`]));
  return [...new Set([...needed, ...missingFields(shape, content, lang)])];
}

/** Has the original changed since this translation last did? */
export function isStale(changedAt: ReadonlyMap<string, Date>, original: string, lang: string): boolean {
  const [first, own] = [changedAt.get(original), changedAt.get(lang)];
  return lang !== original && first !== undefined && own !== undefined && first.getTime() - own.getTime() > 1000;
}

import { tierOfKind } from '../../access/matrix';
import type { Viewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import type { Shown } from '../../lib/markdown';
import { kindName, longNameOf, nameIn, nameOf, wordOf, type BriefingShape } from '../../site/shape/shape';
import { confidenceView } from '../confidence';
import type { EditionContent } from '../content';
import { eachReaderText, SCALE_FIELDS, type Scale } from '../fields';
import { AXES, type Axis } from '../vocabulary';
import { authorPath, briefingPath, cardView, categoryLabel, formatDay, organizationPath, stepOf } from './cards';
import { contentsOf, membersRead } from './contents';
import { gateViews, isNote, sectionOf } from './gates';
import { LocaleFallback } from './localized';
import { correctionsOf, forReaders, giveAddress, html, markOf, minutes, type AddressOf } from './page-parts';
import { openedPassages, type OpenedPassage } from './opened-passages';
import type { BriefingPage, ListSection, LocalizedText, Note, OpenKind, OpenPassage } from './page-types';
import type { ReadBriefing } from './queries';

/** A passage that is open, and the page's view of it. */
interface Opened {
  readonly kind: string;
  readonly key: string;
  readonly shown: OpenPassage;
}

/** Everything that the parts of a page are made from. */
interface Making {
  readonly read: ReadBriefing;
  readonly viewer: Viewer;
  readonly shape: BriefingShape;
  readonly language: Language;
  readonly addressOf: AddressOf;
  readonly fallback: LocaleFallback;
  readonly pictures: ReadonlyMap<string, Shown>;
  readonly passages: readonly Opened[];
  readonly text: (field: (edition: EditionContent) => string | null | undefined) => LocalizedText | null;
}

/** The briefing page as this viewer reads it, in this language. */
export function briefingPage(
  read: ReadBriefing,
  viewer: Viewer,
  shape: BriefingShape,
  language: Language,
  addressOf: AddressOf = forReaders(read),
): BriefingPage {
  const making = begin(read, viewer, shape, language, addressOf);
  const gates = gateViews(read, viewer, shape, language, briefingPath(language, read.content.slug));
  const page = {
    ...headOf(making),
    ...scalesOf(making),
    ...storyOf(making),
    classification: classificationOf(making),
    facts: shape.facts.flatMap((fact) => {
      const value = making.text(({ facts }) => facts[fact.slug]);
      return value ? [{ term: nameIn(fact, language), value }] : [];
    }),
    open: openKinds(making),
    gates,
    sources: sourcesOf(making),
    ...organizationsOf(making, gates),
    corrections: correctionsOf(read, language),
    ...moreOf(making),
  };
  return { ...page, contents: contentsOf(page, language), membersRead: membersRead(gates) };
}

function begin(
  read: ReadBriefing,
  viewer: Viewer,
  shape: BriefingShape,
  language: Language,
  addressOf: AddressOf,
): Making {
  const { content } = read;
  const pictures = new Map(
    Object.entries(content.figures).map(([name, picture]): [string, Shown] => [
      name,
      { ...addressOf(picture, name), width: picture.width, height: picture.height },
    ]),
  );
  const fallback = new LocaleFallback(language.code, content.original, Object.keys(content.editions));
  const passages = openedPassages(read, viewer, fallback).map((one) => ({
    kind: one.kind,
    key: one.key,
    shown: {
      anchor: anchorOf(one, shape),
      tier: markOf(one.tier, read.tiers, language),
      ...html({ value: one.text, lang: one.lang }, { top: 3, id: anchorOf(one, shape), pictures }, language),
    },
  }));
  const text: Making['text'] = (field) =>
    fallback.text((lang) => content.editions[lang] && field(content.editions[lang]));
  return { read, viewer, shape, language, addressOf, fallback, pictures, passages, text };
}

/** Names a passage on its page: no two of a briefing have one name, whatever their kinds are called. */
function anchorOf({ kind, key }: OpenedPassage, { kinds }: BriefingShape): string {
  const found = wordOf(kinds, kind);
  const name = found ? kindName(found) : kind;
  return name === kind ? `${kind}-${key}` : `${name}--${key}`;
}

function headOf({ read, viewer, shape, language, addressOf, fallback, text }: Making) {
  const { content } = read;
  return {
    type: content.type && nameOf(shape.types, content.type, language),
    category: categoryLabel(read.category.slug, read.category.texts, language),
    title: text(({ title }) => title) ?? { text: content.slug, lang: null },
    ...{
      path: briefingPath(language, content.slug),
      give: giveAddress(content.slug, viewer, read.tiers, language),
      revision: null,
    },
    ...eachReaderText((name) => text((edition) => edition[name])),
    cover: content.cover && {
      ...addressOf(content.cover, `cover.${content.cover.format}`),
      width: content.cover.width,
      height: content.cover.height,
      alt: text(({ coverAlt }) => coverAlt) ?? { text: '', lang: null },
    },
    authors: content.authors.map(({ key, name }) => ({ name, href: authorPath(language, key) })),
    published: formatDay(content.published ?? new Date(0), language),
    updated: content.updated && formatDay(content.updated, language),
    sourceCount: language.say('sources.count', { n: content.sources.length }),
    readingTime: language.say('reading.time', { n: minutes(content, shape, fallback) }),
  };
}

function scalesOf({ read: { content }, shape, language }: Making) {
  const { confidence } = content;
  const scales = SCALE_FIELDS.map(({ name, words }) => {
    const value = content[name];
    return [name, value && { ...stepOf(shape[words], value), label: nameOf(shape[words], value, language) }] as const;
  });
  return {
    confidence: confidence === null ? null : confidenceView(confidence, language, shape),
    ...(Object.fromEntries(scales) as Pick<BriefingPage, Scale>),
  };
}

function storyOf(making: Making) {
  const { read, language, fallback, pictures } = making;
  const body = fallback.choose((lang) => read.content.editions[lang]?.body);
  return {
    body: body && html(body, { top: 2, id: 'body', pictures }, language),
    storyLists: listsIn(making, 'story'),
    asideLists: listsIn(making, 'aside'),
  };
}

function listsIn({ read, shape, language, fallback }: Making, place: 'story' | 'aside'): ListSection[] {
  return shape.lists
    .filter((one) => one.place === place)
    .flatMap((one) => {
      const list = fallback.list((lang) => read.content.editions[lang]?.lists[one.slug]);
      return list ? [{ anchor: one.anchor, heading: nameIn(one, language), list }] : [];
    });
}

function classificationOf({ read, shape, language, text }: Making): BriefingPage['classification'] {
  const { content } = read;
  const labelled = (slug: string | null, words: BriefingShape['types']) =>
    slug === null ? null : { text: nameOf(words, slug, language), lang: null };
  const labels: Readonly<Record<Axis, LocalizedText | null>> = {
    category: categoryLabel(read.category.slug, read.category.texts, language).name,
    type: labelled(content.type, shape.types),
    domain: labelled(content.domain, shape.domains),
    topic: text(({ topic }) => topic),
    impact: labelled(content.impact, shape.impact),
  };
  return AXES.flatMap((axis) => {
    const label = labels[axis];
    return label
      ? [{ term: language.say(`term.${axis}`), label, explanation: text(({ explanations }) => explanations[axis]) }]
      : [];
  });
}

/** The kinds that stand for themselves, in their order; notes stand with what they are about. */
function openKinds({ read: { matrix, tiers }, shape, language, passages }: Making): OpenKind[] {
  const there = new Set(passages.map(({ kind }) => kind));
  const known = shape.kinds.map(({ slug }) => slug).filter((slug) => there.delete(slug));
  return [...known, ...there]
    .filter((kind) => !isNote(shape, kind))
    .map((kind) => ({
      kind,
      anchor: sectionOf(shape, kind),
      heading: longNameOf(shape.kinds, kind, language),
      tier: markOf(tierOfKind(matrix, kind).slug, tiers, language),
      passages: passages.filter((one) => one.kind === kind).map(({ shown }) => shown),
    }));
}

/** The notes on one source or organization, in the order of their kinds. */
function notesOn(
  { shape, language, passages }: Making,
  of: 'per-source' | 'per-organization',
  key: string,
): (Note & { readonly kind: string })[] {
  return shape.kinds
    .filter((kind) => kind.shape === of)
    .flatMap((kind) =>
      passages
        .filter((one) => one.kind === kind.slug && one.key === key)
        .map(({ shown }) => ({ kind: kind.slug, name: nameIn(kind, language), text: shown })),
    );
}

function sourcesOf(making: Making): BriefingPage['sources'] {
  const { read, language, text } = making;
  return read.content.sources.map(({ key, url, risk }, index) => ({
    number: index + 1,
    anchor: `source-${key}`,
    title: text(({ sources }) => sources[key]?.title) ?? { text: new URL(url).host, lang: null },
    href: url,
    host: new URL(url).host.replace(/^www\./, ''),
    description: text(({ sources }) => sources[key]?.description),
    risk: { code: risk, label: language.say(`risk.${risk}`) },
    notes: notesOn(making, 'per-source', key),
  }));
}

function organizationsOf(
  making: Making,
  gates: BriefingPage['gates'],
): Pick<BriefingPage, 'organizations' | 'organizationNotes'> {
  const { read, viewer, shape, language } = making;
  const rows = read.content.organizations.map((one) => ({
    ...one,
    notes: notesOn(making, 'per-organization', one.key),
  }));
  const kinds = new Set(rows.flatMap(({ notes }) => notes.map(({ kind }) => kind)));
  const [only] = kinds.size === 1 ? kinds : [];
  const isHere = ({ kind }: { readonly kind: string }) => sectionOf(shape, kind) === 'organizations';
  const locked = read.counts
    .filter((one) => isHere(one) && one.rank > viewer.rank)
    .reduce((sum, { passages }) => sum + passages, 0);
  const anchor = gates.find(({ rows }) => rows.some(isHere))?.anchor ?? null;
  return {
    organizations: rows.map(({ key, name, url, notes }) => ({
      anchor: `about-${key}`,
      page: organizationPath(language, key),
      name,
      href: url,
      notes,
    })),
    organizationNotes: {
      heading: only === undefined ? language.say('organizations.heading') : longNameOf(shape.kinds, only, language),
      tier: rows.flatMap(({ notes }) => notes)[0]?.text.tier ?? null,
      named: kinds.size > 1,
      gate: locked > 0 ? { text: language.say('organizations.gate', { n: locked }), anchor } : null,
    },
  };
}

function moreOf({ read, shape, language }: Making): Pick<BriefingPage, 'back' | 'more'> {
  const category = categoryLabel(read.category.slug, read.category.texts, language);
  return {
    back: { label: language.say('back'), href: category.href },
    more: {
      heading: language.say('more.in', { category: category.name.text }),
      href: category.href,
      cards: read.more.map((row) => cardView(row, language, shape)),
    },
  };
}

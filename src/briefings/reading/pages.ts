import { PASSAGE_KINDS, type PassageKind } from '../../access/kinds';
import { tierOfKind } from '../../access/matrix';
import type { Viewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import { renderMarkdown, type Placing, type Shown } from '../../lib/markdown';
import { briefingPath, categoryPath, cardView, categoryLabel, formatDay, levelView, typeLabel } from './cards';
import { picturePath, pictureSet } from '../pictures/queries';
import { confidenceView } from '../confidence';
import type { BriefingContent, EditionContent, Picture } from '../file/content';
import { tierTextsIn } from '../../membership/tiers';
import { gateViews } from './gates';
import { openedPassages } from './opened-passages';
import type {
  BriefingPage,
  CategoryPage,
  FrontPage,
  OpenKind,
  OpenPassage,
  LocalizedHtml,
  Step,
  TierMark,
} from './page-types';
import type { CategoryRow, ReadBriefing, ReadCategory, ReadFront, TierRow } from './queries';
import { LocaleFallback } from './localized';
import { pagingOf } from './paging';
import { AXES, FACTS, HORIZONS, type ListName } from '../vocabulary';

const WORDS_PER_MINUTE = 220;

/** Where the pictures of a page are to be had. */
export type AddressOf = (picture: Picture, name: string) => { readonly src: string; readonly srcset: string | null };

/** The briefing page as this viewer reads it, in this language. */
export function briefingPage(
  read: ReadBriefing,
  viewer: Viewer,
  language: Language,
  addressOf: AddressOf = forReaders(read),
): BriefingPage {
  const { content } = read;
  const pictures = new Map(
    Object.entries(content.figures).map(([name, picture]): [string, Shown] => [
      name,
      { ...addressOf(picture, name), width: picture.width, height: picture.height },
    ]),
  );
  const fallback = new LocaleFallback(language.code, content.original, Object.keys(content.editions));
  const edition = (lang: string): EditionContent | undefined => content.editions[lang];
  const text = (field: (edition: EditionContent) => string | null | undefined) =>
    fallback.text((lang) => edition(lang) && field(edition(lang)!));
  const list = (name: ListName) => fallback.list((lang) => edition(lang)?.lists[name]);
  const category = categoryLabel(read.category.slug, read.category.texts, language);
  const passages = openPassages(read, viewer, fallback, language, pictures);
  const noteOf = (kind: PassageKind, key: string) =>
    passages.find((one) => one.kind === kind && one.key === key)?.shown ?? null;
  const locked = (kind: PassageKind) =>
    read.counts.reduce((sum, one) => (one.kind === kind && one.rank > viewer.rank ? sum + one.passages : sum), 0);
  const body = fallback.choose((lang) => edition(lang)?.body);

  const labels: Record<(typeof AXES)[number], () => { text: string; lang: string | null } | null> = {
    category: () => category.name,
    type: () => labelled(content.type, (type) => typeLabel(type, language)),
    domain: () => labelled(content.domain, (domain) => language.say(`domain.${domain}`)),
    topic: () => text(({ topic }) => topic),
    impact: () => labelled(content.impact, (impact) => language.say(`step.${impact}`)),
  };

  return {
    type: content.type && typeLabel(content.type, language),
    category,
    title: text(({ title }) => title) ?? { text: content.slug, lang: null },
    summary: text(({ summary }) => summary),
    cover: content.cover && {
      ...addressOf(content.cover, `cover.${content.cover.format}`),
      width: content.cover.width,
      height: content.cover.height,
      alt: text(({ coverAlt }) => coverAlt) ?? { text: '', lang: null },
    },
    published: formatDay(content.published ?? new Date(0), language),
    updated: content.updated && formatDay(content.updated, language),
    sourceCount: language.say('sources.count', { n: content.sources.length }),
    readingTime: language.say('reading.time', { n: minutes(content, fallback) }),
    confidence: content.confidence === null ? null : confidenceView(content.confidence, language),
    impact: content.impact && levelView(content.impact, 'step', language),
    relevance: content.relevance && levelView(content.relevance, 'relevance', language),
    horizon: content.horizon && {
      step: (HORIZONS.indexOf(content.horizon) + 1) as Step['step'],
      label: language.say(`horizon.${content.horizon}`),
    },
    lead: text(({ lead }) => lead),
    body: body && html(body, { top: 2, id: 'body', pictures }, language),
    classification: AXES.flatMap((axis) => {
      const label = labels[axis]();
      return label
        ? [{ term: language.say(`term.${axis}`), label, explanation: text(({ explanations }) => explanations[axis]) }]
        : [];
    }),
    facts: FACTS.flatMap((name) => {
      const value = text(({ facts }) => facts[name]);
      return value ? [{ term: language.say(`fact.${name}`), value }] : [];
    }),
    marketContext: list('market-context'),
    operatingSurface: list('operating-surface'),
    whatToWatch: list('what-to-watch'),
    open: openKinds(read, passages, language),
    gates: gateViews(read, viewer, language, briefingPath(language, content.slug)),
    sources: content.sources.map(({ key, url, risk }, index) => ({
      number: index + 1,
      anchor: `source-${key}`,
      title: text(({ sources }) => sources[key]?.title) ?? { text: new URL(url).host, lang: null },
      href: url,
      host: new URL(url).host.replace(/^www\./, ''),
      description: text(({ sources }) => sources[key]?.description),
      risk: { code: risk, label: language.say(`risk.${risk}`) },
      note: noteOf('source-note', key),
    })),
    organizations: content.organizations.map(({ key, name, url }) => ({
      anchor: `about-${key}`,
      name,
      href: url,
      note: noteOf('organization', key),
    })),
    organizationGate:
      locked('organization') > 0 ? language.say('organizations.gate', { n: locked('organization') }) : null,
    corrections: read.corrections.map(({ createdAt, texts }) => ({
      day: formatDay(createdAt, language),
      text: new LocaleFallback(
        language.code,
        content.original,
        texts.map(({ lang }) => lang),
      ).text((lang) => texts.find((one) => one.lang === lang)?.text) ?? { text: '', lang: null },
    })),
    back: { label: language.say('back'), href: category.href },
    more: {
      heading: language.say('more.in', { category: category.name.text }),
      href: category.href,
      cards: read.more.map((row) => cardView(row, language)),
    },
  };
}

/** A term in the page's own words; none where nobody has chosen it. */
function labelled<Word>(word: Word | null, say: (word: Word) => string): { text: string; lang: null } | null {
  return word === null ? null : { text: say(word), lang: null };
}

interface Opened {
  readonly kind: PassageKind;
  readonly key: string;
  readonly shown: OpenPassage;
}

function openPassages(
  read: ReadBriefing,
  viewer: Viewer,
  fallback: LocaleFallback,
  language: Language,
  pictures: ReadonlyMap<string, Shown>,
): Opened[] {
  return openedPassages(read, viewer, fallback).map(({ kind, key, tier, text, lang }) => ({
    kind,
    key,
    shown: {
      anchor: `${kind}-${key}`,
      tier: markOf(tier, read.tiers, language),
      ...html({ value: text, lang }, { top: 3, id: `${kind}-${key}`, pictures }, language),
    },
  }));
}

/** Trend, evidence and failure paths; notes stand with what they are about. */
function openKinds({ matrix, tiers }: ReadBriefing, passages: readonly Opened[], language: Language): OpenKind[] {
  return PASSAGE_KINDS.flatMap((kind) => {
    const own = passages.filter((one) => one.kind === kind);
    if (own.length === 0 || kind === 'organization' || kind === 'source-note') return [];
    const tier = markOf(tierOfKind(matrix, kind).slug, tiers, language);
    return [
      { kind, anchor: kind, heading: language.say(`kind.${kind}`), tier, passages: own.map(({ shown }) => shown) },
    ];
  });
}

function markOf(slug: string, tiers: readonly TierRow[], language: Language): TierMark {
  return {
    slug,
    name: tierTextsIn(
      tiers.find((tier) => tier.slug === slug)!,
      language,
    ).name,
  };
}

const forReaders =
  ({ widths }: Pick<ReadBriefing, 'widths'>): AddressOf =>
  (picture) => ({ src: picturePath(picture), srcset: pictureSet(picture, widths.get(picture.id) ?? []) });

function html(
  { value, lang }: { value: string; lang: string | null },
  placing: Omit<Placing, 'words'>,
  { say, code }: Language,
): LocalizedHtml {
  const words: Placing['words'] = {
    note: (n) => say('footnote.note', { n }),
    back: (n) => say('footnote.back', { n }),
    heading: say('footnote.heading'),
    lang: lang === null ? null : code,
  };
  return { html: renderMarkdown(value, { ...placing, words }), lang };
}

/** Minutes to read what is open to everybody: never a measure of what is gated. */
function minutes(content: BriefingContent, fallback: LocaleFallback): number {
  const texts = [
    fallback.text((lang) => content.editions[lang]?.lead)?.text,
    fallback.text((lang) => content.editions[lang]?.summary)?.text,
    fallback.choose((lang) => content.editions[lang]?.body)?.value,
    ...(fallback.list((lang) => content.editions[lang]?.lists['market-context'])?.items ?? []),
  ];
  const words = texts.join(' ').split(/\s+/).filter(Boolean).length;
  return Math.max(1, Math.round(words / WORDS_PER_MINUTE));
}

export function frontPage({ lead, categories }: ReadFront, language: Language): FrontPage {
  return {
    lead: lead && cardView(lead, language),
    categories: categories.map(({ category, cards, count }) => ({
      ...categoryLabel(category.slug, category.texts, language),
      description: describe(category, language),
      cards: cards.map((row) => cardView(row, language)),
      all: language.say('category.all', { n: count }),
    })),
  };
}

export function categoryPage({ category, cards, count, page, pages }: ReadCategory, language: Language): CategoryPage {
  return {
    name: categoryLabel(category.slug, category.texts, language).name,
    description: describe(category, language),
    count: language.say('category.count', { n: count }),
    cards: cards.map((row) => cardView(row, language)),
    paging: pagingOf(page, pages, (number) => categoryPath(language, category.slug, number)),
  };
}

function describe(category: CategoryRow, language: Language) {
  const fallback = new LocaleFallback(
    language.code,
    language.code,
    category.texts.map(({ lang }) => lang),
  );
  return fallback.text((lang) => category.texts.find((one) => one.lang === lang)?.description);
}

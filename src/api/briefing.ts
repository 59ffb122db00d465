import type { Viewer } from '../access/viewer';
import { authorPath, briefingPath } from '../briefings/reading/cards';
import { chosen, type ChosenContent, type EditionContent } from '../briefings/content';
import { eachReaderText, SCALE_FIELDS, type Scale } from '../briefings/fields';
import { figuresOf } from '../briefings/file/figures';
import { lockedPassages } from '../briefings/reading/gates';
import { openedPassages, type OpenedPassage } from '../briefings/reading/opened-passages';
import { picturePath } from '../briefings/pictures/queries';
import type { ReadBriefing } from '../briefings/reading/queries';
import { LocaleFallback } from '../briefings/reading/localized';
import type { Axis } from '../briefings/vocabulary';
import { camelCase, nameOf, wordOf, type BriefingShape } from '../site/shape/shape';
import { absolute, pictureAt, selfOf, type Place } from './addresses';
import type { BriefingAnswer, TextAnswer } from './answers';
import { category, confidence, item, text } from './items';

/** What the parts of an answer are made from. */
interface Making {
  readonly read: ReadBriefing;
  readonly content: ChosenContent;
  readonly viewer: Viewer;
  readonly shape: BriefingShape;
  readonly place: Place;
  readonly fallback: LocaleFallback;
  readonly field: (of: (edition: EditionContent) => string | null | undefined) => TextAnswer | null;
}

/**
 * The briefing as this viewer reads it, in this language: the same query, the same rule and the same fallback as the
 * page. Each field is named here or in `src/briefings/fields.ts`; what is not named is in no answer.
 * @throws when something in it has not been chosen, which nothing published is.
 */
export function briefing(read: ReadBriefing, viewer: Viewer, shape: BriefingShape, place: Place): BriefingAnswer {
  const content = chosen(read.content);
  const { language } = place;
  const fallback = new LocaleFallback(language.code, content.original, Object.keys(content.editions));
  const field: Making['field'] = (of) => {
    const localized = fallback.text((lang) => content.editions[lang] && of(content.editions[lang]));
    return localized && text(localized, language);
  };
  const making: Making = { read, content, viewer, shape, place, fallback, field };
  return {
    ...headOf(making),
    ...storyOf(making),
    published: content.published!.toISOString(),
    updated: content.updated?.toISOString() ?? null,
    confidence: confidence(content.confidence),
    ...(Object.fromEntries(SCALE_FIELDS.map(({ name }) => [name, content[name]])) as Pick<BriefingAnswer, Scale>),
    classification: classificationOf(making),
    facts: Object.fromEntries(shape.facts.map(({ slug }) => [camelCase(slug), field(({ facts }) => facts[slug])])),
    ...Object.fromEntries(listsOf(making, true)),
    ...(shape.lists.some(({ topLevel }) => !topLevel) ? { lists: Object.fromEntries(listsOf(making, false)) } : {}),
    ...passagesOf(making),
    more: read.more.map((row) => item(row, place)),
  };
}

const inWords = (sentence: string, { language }: Place): TextAnswer => ({ text: sentence, language: language.code });

function headOf({ read, content, place, field }: Making) {
  return {
    slug: content.slug,
    url: absolute(briefingPath(place.language, content.slug), place),
    self: selfOf(content.slug, place),
    original: content.original,
    languages: Object.entries(content.editions)
      .filter(([, { title }]) => title !== null)
      .map(([lang]) => lang)
      .sort(),
    type: content.type,
    category: category(read.category.slug, read.category.texts, place.language),
    domain: content.domain,
    title: field((one) => one.title) ?? inWords(content.slug, place),
    ...eachReaderText((name) => field((one) => one[name])),
    cover: content.cover && {
      url: absolute(picturePath(content.cover), place),
      width: content.cover.width,
      height: content.cover.height,
      alt: field((one) => one.coverAlt),
    },
  } satisfies Partial<BriefingAnswer>;
}

function storyOf(making: Making) {
  const { content, place, fallback } = making;
  const body = fallback.choose((lang) => content.editions[lang]?.body);
  return {
    body: body && {
      markdown: body.value,
      language: body.lang ?? place.language.code,
      pictures: picturesIn(making, body.value),
    },
  } satisfies Partial<BriefingAnswer>;
}

const picturesIn = ({ content, place }: Making, markdown: string) =>
  figuresOf(markdown, content.figures).map(([name, one]) => ({
    name,
    url: absolute(pictureAt(one), place),
    width: one.width,
    height: one.height,
  }));

function classificationOf({ read, content, shape, place, field }: Making): BriefingAnswer['classification'] {
  const term = (axis: Axis, label: TextAnswer) => ({
    label,
    explanation: field(({ explanations }) => explanations[axis]),
  });
  const word = (words: BriefingShape['types'], slug: string) => inWords(nameOf(words, slug, place.language), place);
  const topic = field((one) => one.topic);
  return {
    category: term('category', category(read.category.slug, read.category.texts, place.language).name),
    type: term('type', word(shape.types, content.type)),
    domain: term('domain', word(shape.domains, content.domain)),
    topic: topic && term('topic', topic),
    impact: term('impact', word(shape.impact, content.impact)),
  };
}

/** The lists by their names in answers: those beside the title, or those of their own block. */
function listsOf({ content, shape, place, fallback }: Making, topLevel: boolean) {
  return shape.lists
    .filter((one) => one.topLevel === topLevel)
    .map(({ slug }) => {
      const items = fallback.list((lang) => content.editions[lang]?.lists[slug]);
      return [
        camelCase(slug),
        items && { items: [...items.items], language: items.lang ?? place.language.code },
      ] as const;
    });
}

function passagesOf(making: Making) {
  const { read, content, viewer, shape, place, fallback, field } = making;
  const { kinds } = shape;
  const sources = content.sources.map(({ key, url, risk }) => ({
    key,
    title: field((one) => one.sources[key]?.title) ?? inWords(new URL(url).host, place),
    url,
    description: field((one) => one.sources[key]?.description),
    risk,
  }));
  const organizations = content.organizations.map(({ key, name, url }) => ({ key, name, url }));
  const placeOf = ({ kind }: OpenedPassage) => {
    const at = kinds.findIndex(({ slug }) => slug === kind);
    return at < 0 ? kinds.length : at;
  };
  return {
    sources,
    organizations,
    authors: content.authors.map(({ key, name }) => ({
      key,
      name,
      url: absolute(authorPath(place.language, key), place),
    })),
    passages: [...openedPassages(read, viewer, fallback)]
      .sort((a, b) => placeOf(a) - placeOf(b))
      .map((one) => ({
        kind: one.kind,
        key: one.key,
        tier: one.tier,
        markdown: one.text,
        language: one.lang ?? place.language.code,
        pictures: picturesIn(making, one.text),
        subject: subjectOf(one, shape, sources, organizations),
      })),
    gates: lockedPassages(read, viewer, shape).map(({ kind, tier, passages, opens }) => ({
      kind,
      tier: tier.slug,
      count: passages,
      opens: opens && { tier: opens.tier.slug, at: opens.at.toISOString() },
    })),
  } satisfies Partial<BriefingAnswer>;
}

function subjectOf(
  { kind, key }: OpenedPassage,
  { kinds }: BriefingShape,
  sources: BriefingAnswer['sources'],
  organizations: BriefingAnswer['organizations'],
): BriefingAnswer['passages'][number]['subject'] {
  const shape = wordOf(kinds, kind)?.shape;
  if (shape === 'per-source')
    return { of: 'source', key, name: sources.find((one) => one.key === key)?.title.text ?? key };
  if (shape === 'per-organization')
    return { of: 'organization', key, name: organizations.find((one) => one.key === key)?.name ?? key };
  return null;
}

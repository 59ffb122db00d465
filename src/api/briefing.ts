import type { Viewer } from '../access/viewer';
import { briefingPath, typeLabel } from '../briefings/reading/cards';
import { chosen, type EditionContent } from '../briefings/file/content';
import { figuresOf } from '../briefings/file/figures';
import { lockedPassages } from '../briefings/reading/gates';
import { openedPassages, type OpenedPassage } from '../briefings/reading/opened-passages';
import type { LocalizedText, LocalizedList } from '../briefings/reading/page-types';
import { picturePath } from '../briefings/pictures/queries';
import type { ReadBriefing } from '../briefings/reading/queries';
import { LocaleFallback } from '../briefings/reading/localized';
import type { Axis } from '../briefings/vocabulary';
import { PASSAGE_KINDS } from '../access/kinds';
import { absolute, pictureAt, selfOf, type Place } from './addresses';
import type { BriefingAnswer } from './answers';
import { category, confidence, item, text } from './items';

/**
 * The briefing as this viewer reads it, in this language: the same query, the same rule and the same fallback as the
 * page. Each field is named here; what is not named is in no answer.
 */
export function briefing(read: ReadBriefing, viewer: Viewer, place: Place): BriefingAnswer {
  const content = chosen(read.content);
  const { language } = place;
  const fallback = new LocaleFallback(language.code, content.original, Object.keys(content.editions));
  const edition = (lang: string): EditionContent | undefined => content.editions[lang];
  const ours = (said: LocalizedText | null) => said && text(said, language);
  const field = (of: (edition: EditionContent) => string | null | undefined) =>
    ours(fallback.text((lang) => edition(lang) && of(edition(lang)!)));
  const listed = (said: LocalizedList | null) =>
    said && { items: [...said.items], language: said.lang ?? language.code };
  const body = fallback.choose((lang) => edition(lang)?.body);
  const inCategory = category(read.category.slug, read.category.texts, language);
  const term = (axis: Axis, label: BriefingAnswer['title']) => ({
    label,
    explanation: field(({ explanations }) => explanations[axis]),
  });
  const inWords = (label: string) => ({ text: label, language: language.code });
  const topic = field((one) => one.topic);
  const sources = content.sources.map(({ key, url, risk }) => ({
    key,
    title: field((one) => one.sources[key]?.title) ?? inWords(new URL(url).host),
    url,
    description: field((one) => one.sources[key]?.description),
    risk,
  }));
  const shownIn = (text: string) =>
    figuresOf(text, content.figures).map(([name, one]) => ({
      name,
      url: absolute(pictureAt(one), place),
      width: one.width,
      height: one.height,
    }));
  const organizations = content.organizations.map(({ key, name, url }) => ({ key, name, url }));

  return {
    slug: content.slug,
    url: absolute(briefingPath(language, content.slug), place),
    self: selfOf(content.slug, place),
    original: content.original,
    languages: Object.entries(content.editions)
      .filter(([, { title }]) => title !== null)
      .map(([lang]) => lang)
      .sort(),
    type: content.type,
    category: inCategory,
    domain: content.domain,
    title: field((one) => one.title) ?? inWords(content.slug),
    summary: field((one) => one.summary),
    cover: content.cover && {
      url: absolute(picturePath(content.cover), place),
      width: content.cover.width,
      height: content.cover.height,
      alt: field((one) => one.coverAlt),
    },
    lead: field((one) => one.lead),
    body: body && { markdown: body.value, language: body.lang ?? language.code, pictures: shownIn(body.value) },
    published: content.published!.toISOString(),
    updated: content.updated?.toISOString() ?? null,
    confidence: confidence(content.confidence),
    impact: content.impact,
    relevance: content.relevance,
    horizon: content.horizon,
    classification: {
      category: term('category', inCategory.name),
      type: term('type', inWords(typeLabel(content.type, language))),
      domain: term('domain', inWords(language.say(`domain.${content.domain}`))),
      topic: topic && term('topic', topic),
      impact: term('impact', inWords(language.say(`step.${content.impact}`))),
    },
    facts: {
      signal: field(({ facts }) => facts.signal),
      signalType: field(({ facts }) => facts['signal-type']),
      region: field(({ facts }) => facts.region),
      marketClass: field(({ facts }) => facts['market-class']),
    },
    marketContext: listed(fallback.list((lang) => edition(lang)?.lists['market-context'])),
    operatingSurface: listed(fallback.list((lang) => edition(lang)?.lists['operating-surface'])),
    whatToWatch: listed(fallback.list((lang) => edition(lang)?.lists['what-to-watch'])),
    sources,
    organizations,
    passages: [...openedPassages(read, viewer, fallback)]
      .sort((a, b) => PASSAGE_KINDS.indexOf(a.kind) - PASSAGE_KINDS.indexOf(b.kind))
      .map((one) => ({
        kind: one.kind,
        key: one.key,
        tier: one.tier,
        markdown: one.text,
        language: one.lang ?? language.code,
        pictures: shownIn(one.text),
        subject: subjectOf(one, sources, organizations),
      })),
    gates: lockedPassages(read, viewer).map(({ kind, tier, passages, opens }) => ({
      kind,
      tier: tier.slug,
      count: passages,
      opens: opens && { tier: opens.tier.slug, at: opens.at.toISOString() },
    })),
    more: read.more.map((row) => item(row, place)),
  };
}

function subjectOf(
  { kind, key }: OpenedPassage,
  sources: BriefingAnswer['sources'],
  organizations: BriefingAnswer['organizations'],
): BriefingAnswer['passages'][number]['subject'] {
  if (kind === 'source-note')
    return { of: 'source', key, name: sources.find((one) => one.key === key)?.title.text ?? key };
  if (kind === 'organization')
    return { of: 'organization', key, name: organizations.find((one) => one.key === key)?.name ?? key };
  return null;
}

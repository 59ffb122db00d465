import { cardView, organizationPath } from '../briefings/reading/cards';
import type { OpenPassage } from '../briefings/reading/page-types';
import { LocaleFallback } from '../briefings/reading/localized';
import { pagingOf } from '../briefings/reading/paging';
import { renderMarkdown, type Placing } from '../lib/markdown';
import type { Language } from '../lib/language';
import { tierTextsIn } from '../membership/tiers';
import { nameOf as nameOfWord } from '../site/shape/shape';
import { drawNetwork } from './network';
import type { OrganizationPage, OutsideLink } from './page-types';
import type { LinkedBriefing, ReadOrganization } from './queries';

/** An organization's page as this viewer reads it, in this language. */
export function organizationPage(read: ReadOrganization, language: Language): OrganizationPage {
  const { say, prefix } = language;
  const nameOf = (slug: string) =>
    tierTextsIn(
      read.tiers.find((tier) => tier.slug === slug)!,
      language,
    ).name;
  const severalKinds = new Set(read.briefings.flatMap(({ notes }) => notes.map(({ kind }) => kind))).size > 1;
  return {
    slug: read.slug,
    name: read.name,
    site: read.url === null ? null : outside(read.url),
    description: new LocaleFallback(
      language.code,
      language.code,
      read.texts.map(({ lang }) => lang),
    ).text((lang) => read.texts.find((one) => one.lang === lang)?.description),
    links: read.links.map(outside),
    identifiers: identifiersOf(read),
    count: say('category.count', { n: read.count }),
    briefings: read.briefings.map(({ card, notes, locked }) => ({
      card: cardView(card, language, read.shape),
      notes: notes.map((note) => ({
        name: severalKinds ? nameOfWord(read.shape.kinds, note.kind, language) : '',
        text: noteView(note, card.slug, nameOf(note.tier), language),
      })),
      locked: [...new Set(locked.map(({ tier }) => tier))].map((tier) =>
        say('organization.locked', {
          notes: say('kind.count.notes', { n: sumOf(locked.filter((one) => one.tier === tier)) }),
          tier: tierTextsIn(tier, language).name,
        }),
      ),
    })),
    network: networkOf(read, language, (slug) => `${prefix}/organizations/${slug}`),
    paging: pagingOf(read.page, read.pages, (page) => organizationPath(language, read.slug, page)),
  };
}

const outside = (href: string): OutsideLink => ({ href, host: new URL(href).host.replace(/^www\./, '') });

/** Names of registers are the same in every language. */
const identifiersOf = ({ lei, wikidata }: ReadOrganization): OrganizationPage['identifiers'] => [
  ...(lei === null ? [] : [{ name: 'LEI', value: lei, href: `https://search.gleif.org/#/record/${lei}` }]),
  ...(wikidata === null ? [] : [{ name: 'Wikidata', value: wikidata, href: wikidataAddress(wikidata) }]),
];

const wikidataAddress = (item: string) => `https://www.wikidata.org/wiki/${item}`;

/** The organization as schema.org has it. */
export function describeOrganization({ name, url, links, lei, wikidata }: ReadOrganization, page: OrganizationPage) {
  const sameAs = [...links, ...(wikidata === null ? [] : [wikidataAddress(wikidata)])];
  return {
    '@context': 'https://schema.org',
    '@type': 'Organization',
    name,
    ...(url === null ? {} : { url }),
    ...(page.description ? { description: page.description.text } : {}),
    ...(sameAs.length > 0 ? { sameAs } : {}),
    ...(lei === null ? {} : { leiCode: lei }),
  };
}

const sumOf = (locked: LinkedBriefing['locked']) => locked.reduce((sum, { passages }) => sum + passages, 0);

function networkOf(
  { neighbours, name }: ReadOrganization,
  { say }: Language,
  at: (slug: string) => string,
): OrganizationPage['network'] {
  if (neighbours.length === 0) return null;
  const { nodes, ...drawing } = drawNetwork(neighbours);
  return {
    ...drawing,
    description: say('organization.network.description', { name, n: neighbours.length }),
    nodes: nodes.map((node) => ({
      ...node,
      href: at(node.slug),
      briefings: say('category.count', { n: node.together }),
    })),
  };
}

/** A note without pictures: they stand with it on the briefing's page. */
function noteView(
  { kind, tier, text, lang }: LinkedBriefing['notes'][number],
  briefing: string,
  tierName: string,
  { say, code }: Language,
): OpenPassage {
  const words: Placing['words'] = {
    note: (n) => say('footnote.note', { n }),
    back: (n) => say('footnote.back', { n }),
    heading: say('footnote.heading'),
    lang: lang === null ? null : code,
  };
  // All of them have the organization's key: no two of a briefing are of one kind.
  const anchor = `${briefing}--${kind}`;
  return {
    anchor,
    tier: { slug: tier, name: tierName },
    html: renderMarkdown(text, { top: 3, id: anchor, words }),
    lang,
  };
}

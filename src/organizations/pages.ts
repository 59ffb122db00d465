import { cardView, organizationPath } from '../briefings/reading/cards';
import type { OpenPassage } from '../briefings/reading/page-types';
import { pagingOf } from '../briefings/reading/paging';
import { renderMarkdown, type Placing } from '../lib/markdown';
import type { Language } from '../lib/language';
import { tierTextsIn } from '../membership/tiers';
import { drawNetwork } from './network';
import type { OrganizationPage } from './page-types';
import type { LinkedBriefing, ReadOrganization } from './queries';

/** An organization's page as this viewer reads it, in this language. */
export function organizationPage(read: ReadOrganization, language: Language): OrganizationPage {
  const { say, prefix } = language;
  const at = (slug: string, page = 1) => `${organizationPath(language, slug)}${page > 1 ? `?page=${page}` : ''}`;
  const nameOf = (slug: string) =>
    tierTextsIn(
      read.tiers.find((tier) => tier.slug === slug)!,
      language,
    ).name;
  return {
    name: read.name,
    site: read.url === null ? null : { href: read.url, host: new URL(read.url).host.replace(/^www\./, '') },
    count: say('category.count', { n: read.count }),
    briefings: read.briefings.map(({ card, notes, locked }) => ({
      card: cardView(card, language, read.shape),
      notes: notes.map((note) => noteView(note, card.slug, nameOf(note.tier), language)),
      locked: locked.map(({ passages, tier }) =>
        say('organization.locked', {
          notes: say('kind.count.notes', { n: passages }),
          tier: tierTextsIn(tier, language).name,
        }),
      ),
    })),
    network: networkOf(read, language, (slug) => `${prefix}/organizations/${slug}`),
    paging: pagingOf(read.page, read.pages, (page) => at(read.slug, page)),
  };
}

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
  { key, tier, text, lang }: LinkedBriefing['notes'][number],
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
  const anchor = `${briefing}-${key}`;
  return {
    anchor,
    tier: { slug: tier, name: tierName },
    html: renderMarkdown(text, { top: 3, id: anchor, words }),
    lang,
  };
}

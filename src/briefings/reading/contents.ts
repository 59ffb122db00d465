import type { Language } from '../../lib/language';
import type { BriefingPage, GateBox, Link } from './page-types';

/** What a page's gates keep, kind by kind, in one line. Of the gates alone, so it says no more than they do. */
export function membersRead(gates: readonly GateBox[]): BriefingPage['membersRead'] {
  const [first] = gates;
  return first
    ? {
        href: `#${first.anchor}`,
        parts: gates.flatMap(({ rows }) => rows.map(({ label, count }) => `${label} (${count})`)),
      }
    : null;
}

/** The sections of a page by their headings, in the order they stand in. */
export function contentsOf(
  page: Pick<BriefingPage, 'lead' | 'body' | 'storyLists' | 'open' | 'gates' | 'sources' | 'organizations'> &
    Pick<BriefingPage, 'organizationNotes' | 'corrections' | 'classification'>,
  { say }: Pick<Language, 'say'>,
): Link[] {
  const part = (there: boolean, anchor: string, label: string) => (there ? [{ href: `#${anchor}`, label }] : []);
  return [
    ...part(page.lead !== null || page.body !== null, 'story', say('contents.story')),
    ...page.storyLists.flatMap(({ anchor, heading }) => part(true, anchor, heading)),
    ...page.open.flatMap(({ anchor, heading }) => part(true, anchor, heading)),
    ...page.gates.flatMap(({ anchor, tier }) => part(true, anchor, tier.name)),
    ...part(page.sources.length > 0, 'sources', say('sources.heading')),
    ...part(page.organizations.length > 0, 'organizations', page.organizationNotes.heading),
    ...part(page.corrections.length > 0, 'corrections', say('corrections.heading')),
    ...part(page.classification.length > 0, 'classification', say('classification.heading')),
  ];
}

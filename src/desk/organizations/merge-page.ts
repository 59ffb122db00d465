import { LocaleFallback } from '../../briefings/reading/localized';
import type { LocalizedText } from '../../briefings/reading/page-types';
import type { Language } from '../../lib/language';
import { editorPath } from '../editor/page';
import type { DeskFrame, Link } from '../page-types';
import type { MergePlan } from './merge';
import { organizationDeskPath } from './pages';

/** The page on which another organization is chosen to become one with this one, and what that does is said first. */
export interface MergePage {
  readonly frame: DeskFrame;
  readonly intro: string;
  readonly choose: {
    readonly action: string;
    readonly typed: string;
    readonly error: string | null;
    readonly known: readonly string[];
  };
  /** Null: none has been chosen. */
  readonly plan: {
    readonly heading: string;
    /** The other one moved on while this page was looked at. */
    readonly changed: string | null;
    readonly other: Link;
    readonly moves: readonly string[];
    /** Identifiers that differ say that these may be two. */
    readonly warnings: readonly string[];
    readonly inTheWay: {
      readonly text: string;
      readonly briefings: readonly { readonly title: LocalizedText; readonly href: string }[];
      readonly more: string | null;
    } | null;
    readonly sure: { readonly action: string; readonly other: string; readonly version: string; readonly do: string };
  } | null;
  readonly back: Link;
}

/** What merging them does, point by point. */
export function mergeView(
  language: Language,
  plan: MergePlan,
  { follows, changed }: { readonly follows: number; readonly changed: boolean },
): NonNullable<MergePage['plan']> {
  const { say } = language;
  const { into, other, briefings, both, notes, addresses, inTheWay, version } = plan;
  const names = { name: into.name, other: other.name };
  const differ = (field: 'lei' | 'wikidata') =>
    into[field] !== null && other[field] !== null && into[field] !== other[field];
  return {
    heading: say('desk.organization.merge.plan', names),
    changed: changed ? say('desk.organization.merge.changed') : null,
    other: { label: other.name, href: organizationDeskPath(language, other.slug) },
    moves: [
      say('desk.organization.merge.briefings', { n: briefings, name: into.name }),
      ...(both > 0 ? [say('desk.organization.merge.both', { n: both })] : []),
      say('desk.organization.merge.notes', { n: notes }),
      say('desk.organization.merge.follows', { n: follows }),
      say('desk.organization.merge.addresses', { n: addresses }),
      say('desk.organization.merge.words', names),
    ],
    warnings: (['lei', 'wikidata'] as const)
      .filter(differ)
      .map((field) => say('desk.organization.merge.differ', { what: say(`desk.organization.${field}`) })),
    inTheWay:
      inTheWay.count === 0
        ? null
        : {
            text: say('desk.organization.merge.inway', { n: inTheWay.count }),
            briefings: inTheWay.first.map(({ id, slug, original, titles }) => ({
              href: editorPath(language, id),
              title: new LocaleFallback(language.code, original, Object.keys(titles)).text((lang) => titles[lang]) ?? {
                ...{ text: slug, lang: null },
              },
            })),
            more:
              inTheWay.count > inTheWay.first.length
                ? say('desk.record.delete.more', { n: inTheWay.count - inTheWay.first.length })
                : null,
          },
    sure: {
      action: organizationDeskPath(language, into.slug, '/merge'),
      other: other.slug,
      version,
      do: say('desk.organization.merge.do'),
    },
  };
}

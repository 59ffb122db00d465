import type { BriefingContent } from '../../briefings/content';
import { wordOf, type BriefingShape, type PassageKind } from '../../site/shape/shape';

/** Rows that can be added, removed and moved: sources, organizations, or the texts of one kind. */
export type Group = string;

/** The rows that everybody reads; a note on each is gated. */
export const SOURCES = 'sources';
export const ORGANIZATIONS = 'organizations';

/** Authors that a form may name. */
export const MOST_AUTHORS = 20;

/** The fields that name the authors, first to last. */
export const authorFields = (number: number): string[] =>
  Array.from({ length: number }, (_, index) => `authors.${index + 1}`);

/** Where the texts of one kind stand in the form: one in each row of a group. */
export interface Slot {
  readonly kind: PassageKind;
  readonly group: Group;
  /** What the text is called in its row. */
  readonly part: string;
}

/** Where a kind's texts stand. */
export function slotOf(kind: PassageKind): Slot {
  if (kind.shape === 'per-source') return { kind, group: SOURCES, part: kind.field };
  if (kind.shape === 'per-organization') return { kind, group: ORGANIZATIONS, part: kind.field };
  return { kind, group: kind.field, part: 'text' };
}

export const slotsOf = ({ kinds }: Pick<BriefingShape, 'kinds'>): Slot[] => kinds.map(slotOf);

/** Those of one group. */
export const slotsIn = (shape: Pick<BriefingShape, 'kinds'>, group: Group): Slot[] =>
  slotsOf(shape).filter((slot) => slot.group === group);

/** Every group of a form, in its order. */
export const groupsOf = (shape: Pick<BriefingShape, 'kinds'>): Group[] => [
  ...new Set([SOURCES, ORGANIZATIONS, ...slotsOf(shape).map(({ group }) => group)]),
];

/** The name of the field with a slot's text in one language, in the row of that key. */
export const textField = ({ group, part }: Slot, key: string, lang: string): string =>
  `${group}.${key}.${part}.${lang}`;

/** The names of the fields that make it stricter. */
export function gatingFields({ group, part }: Slot, key: string): { readonly tier: string; readonly until: string } {
  // The first note of a row, and what a row is for, have them beside it; what was made later has its own.
  const at = part === 'text' || part === 'note' ? `${group}.${key}` : `${group}.${key}.${part}`;
  return { tier: `${at}.tier`, until: `${at}.until` };
}

/** How a passage is named where it is said to be stricter. */
export const passageName = ({ kind }: Slot, key: string): string => `${kind.slug}/${key}`;

/** The slot whose text a field holds; null for what everybody may read. */
export function slotOfText(shape: Pick<BriefingShape, 'kinds'>, name: string): Slot | null {
  const [group = '', , part, lang] = name.split('.');
  if (lang === undefined) return null;
  return slotsIn(shape, group).find((slot) => slot.part === part) ?? null;
}

/** The field that holds a passage's text; null where nobody knows its kind. */
export function fieldOfPassage(
  { kinds }: Pick<BriefingShape, 'kinds'>,
  { kind, key }: { readonly kind: string; readonly key: string },
  lang: string,
): string | null {
  const found = wordOf(kinds, kind);
  return found ? textField(slotOf(found), key, lang) : null;
}

/** The keys of a group's rows, in order: of passages those of the original first, then what only others have. */
export function keysOf(shape: Pick<BriefingShape, 'kinds'>, content: BriefingContent, group: Group): string[] {
  if (group === SOURCES) return content.sources.map(({ key }) => key);
  if (group === ORGANIZATIONS) return content.organizations.map(({ key }) => key);
  const kinds = slotsIn(shape, group).map(({ kind }) => kind.slug);
  const langs = [content.original, ...Object.keys(content.editions).sort()];
  return [
    ...new Set(
      langs.flatMap((lang) =>
        (content.editions[lang]?.passages ?? []).filter(({ kind }) => kinds.includes(kind)).map(({ key }) => key),
      ),
    ),
  ];
}

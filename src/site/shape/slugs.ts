import type { ShapeGroup, Word } from './shape';

/** Characters of a slug. */
export const LONGEST_SLUG = 40;

const FORM = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** A slug without its hyphens: what two that programs or Postgres may take for one another have in common. */
const spelled = (slug: string): string => slug.replaceAll('-', '');

/** What every object has in JavaScript: `constructor`, `toString`. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype).map((name) => name.toLowerCase()));

/** Fields of a briefing's file, and parts of a briefing that stand beside its lists and passages. */
const FIELDS = new Set([
  ...['briefing', 'title', 'summary', 'lead', 'topic', 'body', 'cover', 'coveralt', 'explanations'],
  ...['facts', 'lists', 'sources', 'organizations', 'passages'],
]);

/** Groups whose words stand beside fields. */
const BESIDE_FIELDS: readonly ShapeGroup[] = ['kinds', 'lists'];

/** What keeps a slug from being that of a new word; null: nothing. */
export function slugFault(
  group: ShapeGroup,
  slug: string,
  others: readonly Pick<Word, 'slug'>[],
): 'form' | 'reserved' | 'taken' | null {
  if (!FORM.test(slug) || slug.length > LONGEST_SLUG) return 'form';
  if (INHERITED.has(spelled(slug)) || (BESIDE_FIELDS.includes(group) && FIELDS.has(spelled(slug)))) return 'reserved';
  return others.some((one) => spelled(one.slug) === spelled(slug)) ? 'taken' : null;
}

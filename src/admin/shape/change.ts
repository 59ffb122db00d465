import { toEnum } from '../../briefings/vocabulary';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { KindShape, ListPlace, ShapeGroup, WordText } from '../../site/shape/shape';

/** Groups that words are made in and taken from; of the bands of confidence the names alone change. */
export const GROWING_GROUPS = [
  'kinds',
  'types',
  'domains',
  'facts',
  'lists',
  'impact',
  'relevance',
  'horizon',
] as const satisfies readonly ShapeGroup[];
export type GrowingGroup = (typeof GROWING_GROUPS)[number];

export const isGrowing = (group: ShapeGroup): group is GrowingGroup =>
  (GROWING_GROUPS as readonly ShapeGroup[]).includes(group);

/** A word that is to be made. */
export interface NewWord {
  readonly slug: string;
  readonly texts: readonly WordText[];
  /** Of a kind. */
  readonly shape: KindShape;
  /** Of a list. */
  readonly place: ListPlace;
}

/** Nobody else changes the shape until this transaction ends. */
const LOCK = 5_601_152;
export const lockShape = (db: WallTransaction): Promise<unknown> =>
  db.$queryRaw`SELECT true AS locked FROM pg_advisory_xact_lock(${LOCK}::int)`;

/**
 * Makes a word, last in its group, in an admin's transaction. Its value may be written into briefings when that
 * transaction has committed, and the gate of a kind too: until it has one, it opens to nobody.
 */
export async function makeWord(db: WallTransaction, group: GrowingGroup, word: NewWord): Promise<void> {
  const { slug, texts } = word;
  const { _max: last } = await db.shapeWord.aggregate({ where: { group }, _max: { made: true, position: true } });
  const next = (of: number | null) => (of ?? -1) + 1;
  await db.shapeWord.create({
    data: {
      ...{ group, slug, position: next(last.position), made: next(last.made) },
      ...(group === 'kinds' ? { passageShape: word.shape, gateGroup: 'other', field: `kind-${slug}` } : {}),
      ...(group === 'lists' ? { place: word.place, anchor: `list-${slug}` } : {}),
    },
    select: { slug: true },
  });
  await writeTexts(db, group, slug, texts);
  await db.$queryRaw`SELECT wall.add_shape_value(${group}, ${slug})::text`;
}

/** Says a word in other names: in these languages alone, and in one without a name no more. */
export async function nameWord(
  db: WallTransaction,
  group: ShapeGroup,
  slug: string,
  texts: readonly WordText[],
  langs: readonly string[],
): Promise<void> {
  await db.shapeText.deleteMany({ where: { group, slug, lang: { in: [...langs] } } });
  await writeTexts(db, group, slug, texts);
}

const writeTexts = (db: WallTransaction, group: ShapeGroup, slug: string, texts: readonly WordText[]) =>
  db.shapeText.createMany({ data: texts.map(({ lang, name, long }) => ({ group, slug, lang, name, long })) });

/** Puts the words of a group in this order on pages. */
export async function orderWords(db: WallTransaction, group: ShapeGroup, slugs: readonly string[]): Promise<void> {
  for (const [position, slug] of slugs.entries())
    await db.shapeWord.updateMany({ where: { group, slug, NOT: { position } }, data: { position } });
}

/** Offers a word no more, from this moment on; null: again. */
export async function setRetired(
  db: WallTransaction,
  group: GrowingGroup,
  slug: string,
  at: Date | null,
): Promise<void> {
  await db.shapeWord.updateMany({ where: { group, slug }, data: { retiredAt: at } });
}

/** Deletes a word that nothing says, and the gate of a kind: made again, it opens to nobody until it has another. */
export async function deleteWord(db: WallTransaction, group: GrowingGroup, slug: string): Promise<void> {
  await db.shapeWord.deleteMany({ where: { group, slug } });
  if (group === 'kinds') await db.gate.deleteMany({ where: { kind: toEnum(slug) } });
}

/**
 * Gives a kind its first gate, in a transaction after the one in which it was made. False: it has one, or there is no
 * such kind.
 */
export async function openKind(db: WallTransaction, slug: string, tierSlug: string): Promise<boolean> {
  const word = await db.shapeWord.findUnique({
    where: { group_slug: { group: 'kinds', slug } },
    select: { slug: true },
  });
  if (word === null) return false;
  const { count } = await db.gate.createMany({ data: [{ kind: toEnum(slug), tierSlug }], skipDuplicates: true });
  return count === 1;
}

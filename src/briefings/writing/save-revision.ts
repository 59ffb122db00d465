import { isDeepStrictEqual } from 'node:util';
import type { WallTransaction } from '../../stores/postgres/wall';
import { chosen, unchosenIn, type BriefingContent } from '../content';
import { eachChoice, type Choices } from '../fields';
import { figuresOf, sameFigures } from '../file/figures';
import { writesTheSame } from '../file/write';
import { saveAuthors } from '../authors';
import { replacePassages } from './passages';
import { contentOf, findWhole, type WholeRow } from '../reading/rows';
import { toEnum } from '../vocabulary';
import { saveFigures, saveOrganizations, saveTexts } from './save-texts';

/** Who saves, and by which way it came. */
export interface SaveContext {
  readonly origin: 'import' | 'desk' | 'restore';
  /** The account; null for a command. */
  readonly authorId: string | null;
  /** When each language last changed, where it was worked on elsewhere; by default languages that differ change now. */
  readonly changedAt?: ReadonlyMap<string, Date>;
}

export interface SaveResult {
  readonly id: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly revision: number;
}

/**
 * Writes a briefing as this content says, as a new revision: the one way to do it. The same content again changes
 * nothing. `before` is the briefing it was; null makes one. Call it while holding
 * `lockBriefings` (lock-briefings.ts).
 */
export async function saveRevision(
  db: WallTransaction,
  before: WholeRow | null,
  content: BriefingContent,
  { origin, authorId, changedAt }: SaveContext,
): Promise<SaveResult> {
  if (content.state === 'published') chosen(content);
  const was = before && contentOf(before);
  if (
    before &&
    was &&
    before.coverId === (content.cover?.id ?? null) &&
    sameFigures(was, content) &&
    writesTheSame(was, content)
  ) {
    return { id: before.id, outcome: 'unchanged', revision: before.revision };
  }
  const revision = (before?.revision ?? 0) + 1;
  const shared = {
    ...sharedRow(content),
    slug: content.slug,
    state: toEnum(content.state),
    publishedAt: content.published,
    revision,
  };
  const { id } = before
    ? await db.briefing.update({
        where: { id: before.id },
        data: { ...shared, version: { increment: 1 } },
        select: { id: true },
      })
    : await db.briefing.create({ data: { ...shared, authorId }, select: { id: true } });

  await db.formerSlug.deleteMany({ where: { briefingId: id } });
  await db.formerSlug.createMany({
    data: content.formerly.map((slug, position) => ({ slug, briefingId: id, position })),
  });
  await saveOrganizations(db, id, content);
  await saveAuthors(db, id, content);
  await saveFigures(db, id, content);
  await saveTexts(db, id, content, changesSince(before, content, changedAt));
  await replacePassages(
    db,
    id,
    revision,
    content,
    (before?.sources ?? []).map(({ key }) => key),
  );
  await db.revision.create({
    data: { briefingId: id, number: revision, origin, authorId, content: publicPart(content) },
    select: { number: true },
  });
  await keepPublicPictures(db, id, revision, content);
  return { id, outcome: before ? 'updated' : 'created', revision };
}

/** Notes which pictures stand in the public texts of a revision: the others are as gated as their passages. */
async function keepPublicPictures(
  db: WallTransaction,
  briefingId: string,
  number: number,
  { state, cover, figures, editions }: BriefingContent,
): Promise<void> {
  if (state !== 'published') return;
  const placed = new Map([
    ...Object.values(editions).flatMap(({ body }) => figuresOf(body, figures)),
    ...(cover ? [[`cover.${cover.format}`, cover] as const] : []),
  ]);
  await db.revisionPicture.createMany({
    data: [...placed].map(([name, { id }]) => ({ briefingId, number, name, pictureId: id })),
  });
}

/** The columns of what has to be chosen: words as the database spells them, scores with two places. */
function choiceColumns(content: BriefingContent) {
  return eachChoice(({ name, placeholder }) => {
    const value = content[name] ?? placeholder;
    return typeof value === 'number' ? (value / 100).toFixed(2) : toEnum(value);
  }) as unknown as Omit<Choices, 'confidence'> & { readonly confidence: string };
}

/** The columns of a briefing that are the same on a working copy. */
export function sharedRow(content: BriefingContent) {
  return {
    updatedAt: content.updated,
    categorySlug: content.category,
    ...choiceColumns(content),
    unchosen: unchosenIn(content),
    originalLang: content.original,
    earlyTier: content.early?.tier ?? null,
    earlyUntil: content.early?.until ?? null,
    coverId: content.cover?.id ?? null,
  };
}

/** When each language of the new content last changed: as told, else as before where it is the same, else now. */
export function changesSince(
  before: WholeRow | null,
  content: BriefingContent,
  told?: ReadonlyMap<string, Date>,
): ReadonlyMap<string, Date> {
  const was = before ? contentOf(before).editions : {};
  return new Map(
    Object.entries(content.editions).map(([lang, edition]) => {
      const same = isDeepStrictEqual(was[lang], edition)
        ? before?.editions.find((one) => one.lang === lang)?.changedAt
        : undefined;
      return [lang, told?.get(lang) ?? same ?? new Date()];
    }),
  );
}

/** The briefing this content updates: the one of its slug, or, when it was renamed, of a former slug. */
export async function findBefore(
  db: WallTransaction,
  content: Pick<BriefingContent, 'slug' | 'formerly'>,
): Promise<WholeRow | null> {
  for (const slug of [content.slug, ...content.formerly]) {
    const row = await findWhole(db, { slug });
    if (row) return row;
  }
  return null;
}

/** What a revision or a restore point keeps: everything but the gated text, which stays in `passages`. */
export function publicPart(content: BriefingContent) {
  const editions = Object.fromEntries(
    Object.entries(content.editions).map(([lang, { passages: _gated, ...open }]) => [lang, open]),
  );
  const { stricter: _tiers, until: _moments, ...shared } = content;
  return JSON.parse(JSON.stringify({ ...shared, editions })) as object;
}

import { randomBytes } from 'node:crypto';
import type { WallTransaction } from '../../stores/postgres/wall';
import { saveAuthors } from '../authors';
import { TEMPORARY_KEY, type BriefingContent } from '../content';
import { loadShape } from '../../site/shape/load';
import { replacePassages } from './passages';
import { contentOf, findWhole, type WholeRow } from '../reading/rows';
import { isRemoval, addRestorePoint, lastRestorePoint, RESTORE_INTERVAL, type RestoreReason } from './restore-points';
import { changesSince, sharedRow } from './save-revision';
import { saveFigures, saveOrganizations, saveTexts } from './save-texts';

/** A briefing as the desk has it: what was saved last, with the working copy over it where there is one. */
export interface EditableBriefing {
  readonly id: string;
  readonly base: WholeRow;
  readonly copy: WholeRow | null;
  /** The working copy's words under the briefing's own slug, state and dates. Every passage is in it. */
  readonly content: BriefingContent;
  /** What was typed and fits no column, by the name of its field. */
  readonly unfinished: Readonly<Record<string, string>>;
  /** Names exactly this text: whoever saves over another one has not seen it. */
  readonly version: string;
  /** When each language last changed. */
  readonly changedAt: ReadonlyMap<string, Date>;
}

/**
 * The briefing of that id, working copy included; null when there is none. Working copies have no id of their own here.
 */
export async function findEditable(db: WallTransaction, id: string): Promise<EditableBriefing | null> {
  const base = await findWhole(db, { id });
  if (!base || base.copyOf !== null) return null;
  const copy = await findWhole(db, { copyOf: id });
  const unfinished = copy && (await db.unfinished.findUnique({ where: { briefingId: copy.id } }));
  const own = contentOf(base);
  return {
    id,
    base,
    copy,
    content: copy
      ? {
          ...contentOf(copy),
          slug: copy.nextSlug ?? own.slug,
          formerly: own.formerly,
          state: own.state,
          published: own.published,
        }
      : own,
    unfinished: (unfinished?.fields ?? {}) as Record<string, string>,
    // A copy that was made to hold pictures, and into which nobody has written, says what the base says.
    version: copy?.saveKey ? `${copy.id}.${copy.version}` : `${id}.r${base.revision}`,
    changedAt: new Map((copy ?? base).editions.map(({ lang, changedAt }) => [lang, changedAt])),
  };
}

/** Nothing this transaction writes is seen by readers: the pages that are kept stay true, and are not forgotten. */
export async function suppressPageInvalidation(db: WallTransaction): Promise<void> {
  await db.$queryRaw`SELECT set_config('dossier.quiet', 'on', true)`;
}

/** What is written into a working copy. */
export interface CopyContent {
  readonly content: BriefingContent;
  readonly unfinished: Readonly<Record<string, string>>;
  /** Languages said to be up to date. */
  readonly renewed: readonly string[];
}

/** Who writes, and from which page; `saveKey` names the page and counts its saves. */
export interface CopyAuthor {
  readonly accountId: string | null;
  readonly saveKey: string;
  readonly now: Date;
}

/**
 * Keeps what a working copy says as a restore point, before something is done to it. Of a briefing without one it is
 * what was saved last.
 */
export async function addRestorePointOf(
  db: WallTransaction,
  at: EditableBriefing,
  reason: RestoreReason,
  { accountId, now }: Pick<CopyAuthor, 'accountId' | 'now'>,
): Promise<void> {
  const { revision } = at.copy ?? at.base;
  await addRestorePoint(db, at, { briefingId: at.id, revision, reason, accountId, now });
}

/** What a save is to the working copy it changes, where what that says is to be kept before; else null. */
async function reasonToKeep(
  db: WallTransaction,
  { id, copy, content }: EditableBriefing,
  next: BriefingContent,
  now: Date,
): Promise<RestoreReason | null> {
  if (isRemoval(await loadShape(db), content, next)) return 'removal';
  // Without a working copy that somebody has written into, the text is that of the last revision.
  if (!copy?.saveKey) return null;
  const last = (await lastRestorePoint(db, id)) ?? copy.createdAt;
  return now.getTime() - last.getTime() >= RESTORE_INTERVAL ? 'time' : null;
}

/**
 * Writes into the working copy of a briefing, making it where there is none. Readers do not see it; no revision is
 * made. What it said is kept as a restore point before something goes, and every few minutes.
 */
export async function writeCopy(
  db: WallTransaction,
  at: EditableBriefing,
  { content, unfinished, renewed }: CopyContent,
  { accountId, saveKey, now }: CopyAuthor,
): Promise<void> {
  const { id, base, copy } = at;
  const reason = await reasonToKeep(db, at, content, now);
  if (reason !== null) await addRestorePointOf(db, at, reason, { accountId, now });
  const row = copy ?? (await makeCopy(db, base));
  const shared = { ...sharedRow(content), nextSlug: content.slug === base.slug ? null : content.slug };
  await db.briefing.update({
    where: { id: row.id },
    data: { ...shared, version: { increment: 1 }, saverId: accountId, savedAt: now, saveKey },
    select: { id: true },
  });
  const changedAt = new Map([...changesSince(row, content), ...renewed.map((lang) => [lang, now] as const)]);
  await saveFigures(db, row.id, content);
  await saveOrganizations(db, row.id, content);
  await saveAuthors(db, row.id, content);
  // The name of an organization without a lasting key is what was typed last.
  for (const { key, name } of content.organizations)
    if (key.startsWith(TEMPORARY_KEY))
      await db.organization.update({ where: { slug: key }, data: { name }, select: { slug: true } });
  await saveTexts(db, row.id, content, changedAt);
  await replacePassages(
    db,
    row.id,
    row.revision,
    content,
    row.sources.map(({ key }) => key),
  );
  await db.unfinished.upsert({
    where: { briefingId: row.id },
    create: { briefingId: row.id, fields: unfinished },
    update: { fields: unfinished },
    select: { briefingId: true },
  });
  await deleteTemporary(db, id);
}

/**
 * Puts a picture among the files of the working copy, or takes it away. Nobody's text changes, so nobody has to look
 * again.
 */
export async function setFigure(
  db: WallTransaction,
  { base, copy }: EditableBriefing,
  name: string,
  pictureId: string | null,
): Promise<void> {
  const { id: briefingId } = copy ?? (await makeCopy(db, base));
  if (pictureId === null) await db.figure.delete({ where: { briefingId_name: { briefingId, name } } });
  else await db.figure.create({ data: { briefingId, name, pictureId } });
}

/** Removes the working copy: the briefing is again as it was saved last. */
export async function dropCopy(
  db: WallTransaction,
  { id, copy }: Pick<EditableBriefing, 'id' | 'copy'>,
): Promise<void> {
  if (copy) await db.briefing.delete({ where: { id: copy.id }, select: { id: true } });
  await deleteTemporary(db, id);
}

/** The key an organization has while it is being typed: of this briefing alone. */
export function temporaryOrganization(id: string, row: string): string {
  const own = `${id.slice(0, 8)}-`;
  const key = row.startsWith(TEMPORARY_KEY) ? row.slice(TEMPORARY_KEY.length).replace(own, '') : row;
  return `${TEMPORARY_KEY}${own}${key}`.slice(0, 80).replace(/-+$/, '');
}

async function deleteTemporary(db: WallTransaction, id: string): Promise<void> {
  await db.organization.deleteMany({
    where: { slug: { startsWith: `${TEMPORARY_KEY}${id.slice(0, 8)}-` }, linked: { none: {} }, notes: { none: {} } },
  });
}

async function makeCopy(db: WallTransaction, base: WholeRow): Promise<WholeRow> {
  const content = contentOf(base);
  const { id } = await db.briefing.create({
    data: {
      ...sharedRow(content),
      slug: `${TEMPORARY_KEY}${randomBytes(16).toString('hex')}`,
      state: 'draft',
      publishedAt: base.publishedAt,
      copyOf: base.id,
      revision: base.revision,
    },
    select: { id: true },
  });
  await saveFigures(db, id, content);
  await saveOrganizations(db, id, content);
  await saveAuthors(db, id, content);
  await saveTexts(db, id, content, new Map(base.editions.map(({ lang, changedAt }) => [lang, changedAt])));
  await replacePassages(db, id, base.revision, content, []);
  return (await findWhole(db, { id }))!;
}

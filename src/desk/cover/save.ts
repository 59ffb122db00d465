import { createHash } from 'node:crypto';
import { editorialViewer } from '../../access/viewer';
import {
  findEditable,
  suppressPageInvalidation,
  writeCopy,
  type EditableBriefing,
} from '../../briefings/writing/working-copies';
import type { ReEncoded } from '../../briefings/pictures/re-encode';
import { EMPTY_EDITION, type BriefingContent, type Picture } from '../../briefings/content';
import { deletePictures, storePicture } from '../../briefings/pictures/queries';
import { recentRemovals, type RestoreContent } from '../../briefings/writing/restore-points';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { DeskParts } from '../parts';

/**
 * What is to become of a cover: a new picture (or the one there is) with what it shows in each language, none, or the
 * one there was before.
 */
export type CoverInput =
  { readonly drawn: ReEncoded | null; readonly alts: ReadonlyMap<string, string | null> } | 'none' | 'before';

/** A cover and what it shows in each language, where that is said. */
interface Cover {
  readonly picture: Picture | null;
  readonly alts: ReadonlyMap<string, string | null>;
}

/** Names the cover and its words as a page showed them: nobody replaces one they have not seen. */
export function markOf({ cover, editions }: Pick<BriefingContent, 'cover' | 'editions'>): string {
  const alts = Object.entries(editions)
    .flatMap(([lang, { coverAlt }]) => (coverAlt === null ? [] : [[lang, coverAlt]]))
    .sort();
  return createHash('sha256')
    .update(JSON.stringify([cover?.id ?? null, alts]))
    .digest('base64url')
    .slice(0, 22);
}

/**
 * Puts a cover into the working copy, or takes it out: readers keep the one they have until the copy is published.
 * Null when there is no such briefing; `changed` when somebody else changed its cover since `seen`, or there is none
 * of before.
 */
export function saveCover(
  { wall, clock }: Pick<DeskParts, 'wall' | 'clock'>,
  id: string,
  covering: CoverInput,
  expectedVersion: string,
  accountId: string,
): Promise<'saved' | 'changed' | null> {
  return wall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    await suppressPageInvalidation(db);
    const at = await findEditable(db, id);
    if (!at) return null;
    if (markOf(at.content) !== expectedVersion) return 'changed';
    if (typeof covering === 'object' && covering.drawn)
      await storePicture(db, covering.drawn.picture, covering.drawn.bytes, covering.drawn.sizes);
    const cover = await coverOf(db, at, covering, clock.now());
    if (!cover) return 'changed';
    const content = covered(at.content, cover);
    await writeCopy(
      db,
      at,
      { content, unfinished: at.unfinished, renewed: [] },
      { accountId, saveKey: 'cover:0', now: clock.now() },
    );
    if (content.cover?.id !== at.content.cover?.id) await deletePictures(db, [at.content.cover?.id]);
    return 'saved';
  });
}

/** What the cover of this text was before it was changed a short while ago; null where it was not. */
export function coverBefore(removals: readonly RestoreContent[], now: BriefingContent): BriefingContent | null {
  return removals.find(({ content: { cover } }) => cover !== null && cover.id !== now.cover?.id)?.content ?? null;
}

/** The cover that is asked for; null where there is none of before. */
async function coverOf(
  db: WallTransaction,
  { id, base, copy, content }: EditableBriefing,
  covering: CoverInput,
  now: Date,
): Promise<Cover | null> {
  const langs = Object.keys(content.editions);
  if (covering === 'none') return { picture: null, alts: new Map(langs.map((lang) => [lang, null])) };
  if (covering !== 'before') return { picture: covering.drawn?.picture ?? content.cover, alts: covering.alts };
  const before = coverBefore(await recentRemovals(db, id, (copy ?? base).revision, now), content);
  const all = before && [...new Set([...langs, ...Object.keys(before.editions)])];
  return (
    all && { picture: before.cover, alts: new Map(all.map((lang) => [lang, before.editions[lang]?.coverAlt ?? null])) }
  );
}

function covered(content: EditableBriefing['content'], { picture, alts }: Cover): BriefingContent {
  const editions = { ...content.editions };
  for (const [lang, coverAlt] of alts)
    if (editions[lang] || coverAlt !== null) editions[lang] = { ...(editions[lang] ?? EMPTY_EDITION), coverAlt };
  return { ...content, cover: picture, editions };
}

import { createHash } from 'node:crypto';
import { editorialViewer } from '../../access/viewer';
import { findEditable, quietly, writeCopy, type EditableBriefing } from '../../briefings/writing/working-copies';
import type { ReEncoded } from '../../briefings/pictures/re-encode';
import type { BriefingContent, EditionContent } from '../../briefings/file/content';
import { deletePictures, storePicture } from '../../briefings/pictures/queries';
import { lockBriefings } from '../../briefings/writing/save';
import type { DeskParts } from '../parts';

/** What is to become of a cover: a new picture (or the one there is) with what it shows in each language, or none. */
export type CoverInput =
  { readonly drawn: ReEncoded | null; readonly alts: ReadonlyMap<string, string | null> } | 'none';

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
 * Null when there is no such briefing; `changed` when somebody else changed its cover since `seen`.
 */
export function saveCover(
  { wall, clock }: Pick<DeskParts, 'wall' | 'clock'>,
  id: string,
  covering: CoverInput,
  seen: string,
  accountId: string,
): Promise<'saved' | 'changed' | null> {
  return wall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    await quietly(db);
    const at = await findEditable(db, id);
    if (!at) return null;
    if (markOf(at.content) !== seen) return 'changed';
    if (covering !== 'none' && covering.drawn)
      await storePicture(db, covering.drawn.picture, covering.drawn.bytes, covering.drawn.sizes);
    const content = covered(at.content, covering);
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

function covered(content: EditableBriefing['content'], covering: CoverInput): BriefingContent {
  const alts: ReadonlyMap<string, string | null> =
    covering === 'none' ? new Map(Object.keys(content.editions).map((lang) => [lang, null])) : covering.alts;
  const editions = { ...content.editions };
  for (const [lang, coverAlt] of alts)
    if (editions[lang] || coverAlt !== null) editions[lang] = { ...(editions[lang] ?? NOTHING), coverAlt };
  return { ...content, cover: covering === 'none' ? null : (covering.drawn?.picture ?? content.cover), editions };
}

/** An edition that says nothing yet. */
const NOTHING: EditionContent = {
  title: null,
  summary: null,
  lead: null,
  topic: null,
  coverAlt: null,
  explanations: {},
  facts: {},
  lists: {},
  sources: {},
  body: '',
  passages: [],
};

import type { Viewer } from '../access/viewer';
import { TEXT_FIELDS } from '../briefings/fields';
import type { BriefingContent, EditionContent } from '../briefings/content';
import { loadCards, type CardRow } from '../briefings/reading/cards';
import type { BriefingShape } from '../site/shape/shape';
import { lockedPassages, type LockedKind } from '../briefings/reading/gates';
import { LocaleFallback } from '../briefings/reading/localized';
import { openedPassages } from '../briefings/reading/opened-passages';
import { countPassages } from '../briefings/reading/passage-counts';
import type { ReadBriefing, TierRow } from '../briefings/reading/queries';
import { contentOf, findTexts, readablePassages } from '../briefings/reading/rows';
import { plainText } from '../lib/markdown';
import { loadMatrix } from '../membership/matrix';
import { momentOf, type WallTransaction } from '../stores/postgres/wall';

/** A text of a briefing that the viewer may read, as words. */
export interface ReadableText {
  /** What it is: a field, or the kind of a passage. */
  readonly of: 'body' | 'facts' | 'lists' | 'explanations' | 'sources' | 'organizations' | { readonly kind: string };
  readonly lang: string;
  readonly words: string;
}

/** A briefing that was found, with all that the viewer may read of it, and what stays shut to them. */
export interface Hit {
  readonly card: CardRow;
  readonly texts: readonly ReadableText[];
  readonly locked: readonly LockedKind[];
}

/** The briefings of one page of results, in that order. */
export async function loadHits(
  db: WallTransaction,
  viewer: Viewer,
  ids: readonly string[],
  shape: BriefingShape,
): Promise<Hit[]> {
  if (ids.length === 0) return [];
  const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
  const tiers: TierRow[] = await db.tier.findMany({ include: { texts: true }, orderBy: { rank: 'asc' } });
  const rows = await findTexts(db, ids, readablePassages(matrix, viewer, now));
  const counts = await countPassages(db, ids);
  return (await loadCards(db, ids)).flatMap((card) => {
    const row = rows.get(card.id);
    if (!row) return [];
    const content = contentOf(row);
    return {
      card,
      texts: [...publicTexts(content), ...openTexts({ content, matrix, now }, viewer)],
      locked: lockedPassages({ counts: counts.get(card.id) ?? [], matrix, tiers, now }, viewer, shape),
    };
  });
}

function publicTexts({ editions, organizations }: BriefingContent): ReadableText[] {
  const names = organizations.map(({ name }) => name).join(', ');
  return Object.entries(editions).flatMap(([lang, edition]) =>
    [...wordsOf(edition), ['organizations', names] as const]
      .filter(([, words]) => words !== '')
      .map(([of, words]) => ({ of, lang, words })),
  );
}

function wordsOf({ body, facts, lists, explanations, sources, ...edition }: EditionContent) {
  const joined = (...texts: readonly (string | null | undefined)[]) => texts.filter(Boolean).join(' · ');
  const lines = TEXT_FIELDS.filter(({ search }) => search === 'body');
  return [
    ['body', joined(...lines.map(({ property }) => edition[property]), plainText(body))],
    ['facts', joined(...Object.values(facts))],
    ['lists', joined(...Object.values(lists).flat())],
    ['explanations', joined(...Object.values(explanations))],
    ['sources', joined(...Object.values(sources).flatMap((one) => [one?.title, one?.description]))],
  ] as const;
}

/** The passages that are open to the viewer, in every language they are written in. */
function openTexts(read: Pick<ReadBriefing, 'content' | 'matrix' | 'now'>, viewer: Viewer): ReadableText[] {
  const langs = Object.keys(read.content.editions);
  return langs.flatMap((lang) =>
    openedPassages(read, viewer, new LocaleFallback(lang, lang, [lang]))
      .filter((passage) => passage.lang === null)
      .map(({ kind, text }) => ({ of: { kind }, lang, words: plainText(text) })),
  );
}

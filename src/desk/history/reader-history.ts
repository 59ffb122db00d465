import type { EditableBriefing } from '../../briefings/writing/working-copies';
import { formatInstant } from '../../briefings/reading/cards';
import { revisionPath } from '../../briefings/revisions/pages';
import type { Language } from '../../lib/language';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { editorPath } from '../editor/page';
import type { RevisionPage } from './page-types';

/** Which revisions of a briefing readers had, and which of them are closed. */
export interface ReaderHistory {
  readonly published: readonly { readonly number: number; readonly publishedAt: Date; readonly endedAt: Date | null }[];
  readonly closed: readonly { readonly number: number; readonly reason: string; readonly lang: string }[];
}

export async function findReaderHistory(db: WallTransaction, briefingId: string): Promise<ReaderHistory> {
  return {
    published: await db.publishedRevision.findMany({
      where: { briefingId, publishedAt: { lte: await momentOf(db) } },
      select: { number: true, publishedAt: true, endedAt: true },
    }),
    closed: await db.closedRevision.findMany({
      where: { briefingId },
      select: { number: true, reason: true, lang: true },
    }),
  };
}

/** What readers have of a revision, in a few words; null: they never had it. */
export function sayReaders(language: Language, { published, closed }: ReaderHistory, number: number): string | null {
  const own = published.find((one) => one.number === number);
  if (!own) return null;
  if (closed.some((one) => one.number === number)) return language.say('desk.revision.readers.closed');
  const from = formatInstant(own.publishedAt, language).text;
  return own.endedAt === null
    ? language.say('desk.revision.readers.now', { from })
    : language.say('desk.revision.readers.had', { from, until: formatInstant(own.endedAt, language).text });
}

/** The same with what can be done about it. */
export function readersOf(
  language: Language,
  { base }: Pick<EditableBriefing, 'base'>,
  history: ReaderHistory,
  number: number,
): RevisionPage['readers'] {
  const text = sayReaders(language, history, number);
  if (text === null) return null;
  const closed = history.closed.find((one) => one.number === number);
  const act = closed ? 'reopen' : 'close';
  return {
    text,
    reason: closed ? { text: closed.reason, lang: closed.lang === language.code ? null : closed.lang } : null,
    see:
      closed || base.state !== 'published'
        ? null
        : { label: language.say('desk.revision.see'), href: revisionPath(language, base.slug, number) },
    act: {
      label: language.say(`desk.revision.${act}`),
      href: editorPath(language, base.id, `/revisions/${number}/${act}`),
    },
  };
}

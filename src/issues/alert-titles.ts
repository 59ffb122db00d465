import type { Viewer } from '../access/viewer';
import { openTo } from '../briefings/reading/cards';
import { LocaleFallback } from '../briefings/reading/localized';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import type { IssueRow } from './store';

/** What each alert is about, by the alert's id: a title in the language of whoever looks. */
export type AlertTitles = ReadonlyMap<string, string>;

/** The titles of these briefings, by their ids, of those that are there for this viewer now. */
export async function briefingTitles(
  wall: Wall,
  viewer: Viewer,
  ids: readonly string[],
  { code }: Pick<Language, 'code'>,
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const briefings = await wall.read(viewer, async (db) =>
    db.briefing.findMany({
      where: { id: { in: [...new Set(ids)] }, AND: await openTo(db, viewer) },
      select: { id: true, slug: true, originalLang: true, editions: { select: { lang: true, title: true } } },
    }),
  );
  return new Map(
    briefings.map(({ id, slug, originalLang, editions }) => {
      const langs = editions.map(({ lang }) => lang);
      const title = new LocaleFallback(code, originalLang, langs).text(
        (lang) => editions.find((edition) => edition.lang === lang)?.title,
      );
      return [id, title?.text ?? slug];
    }),
  );
}

/** The titles of what these alerts are about, of those briefings that are there for this viewer now. */
export async function alertTitles(
  wall: Wall,
  viewer: Viewer,
  issues: readonly Pick<IssueRow, 'id' | 'alert' | 'briefingIds'>[],
  language: Pick<Language, 'code'>,
): Promise<AlertTitles> {
  const alerts = issues.filter(({ alert }) => alert);
  const ids = alerts.flatMap(({ briefingIds }) => briefingIds);
  const titles = await briefingTitles(wall, viewer, ids, language);
  return new Map(
    alerts.flatMap(({ id, briefingIds }) => {
      const title = briefingIds.map((briefing) => titles.get(briefing)).find((known) => known !== undefined);
      return title === undefined ? [] : [[id, title]];
    }),
  );
}

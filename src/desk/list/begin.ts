import { desk } from '../../access/viewer';
import { saveBriefing, awaitTurn } from '../../briefings/save';
import { slugOf, untaken } from '../../briefings/settle';
import { loadHouse } from '../../briefings/import';
import type { DeskParts } from '../parts';

/** What a briefing begins with. */
export interface Beginning {
  readonly title: string;
  readonly lang: string;
  readonly category: string;
}

/** Begins a briefing: a draft with a title, in one language. Returns its id; null when there is no such category. */
export function begin({ wall }: DeskParts, { title, lang, category }: Beginning, accountId: string): Promise<string | null> {
  return wall.write(desk, async (db) => {
    await awaitTurn(db);
    const house = await loadHouse(db);
    if (!house.categories.includes(category)) return null;
    const { id } = await saveBriefing(db, null, {
      slug: untaken(slugOf(title) || 'untitled', (slug) => house.slugs.has(slug)),
      formerly: [], state: 'draft', published: null, early: null, updated: null, type: 'signal', category, domain: 'technology', impact: 'medium', confidence: 50,
      relevance: 'medium', horizon: 'medium', sources: [], organizations: [], stricter: {}, until: {}, cover: null, original: lang,
      editions: { [lang]: { title, summary: null, lead: null, topic: null, coverAlt: null, explanations: {}, facts: {}, lists: {}, sources: {}, body: '', passages: [] } },
    }, { origin: 'desk', authorId: accountId });
    return id;
  });
}

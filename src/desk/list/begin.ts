import { desk } from '../../access/viewer';
import { saveBriefing, awaitTurn } from '../../briefings/writing/save';
import { slugOf, untaken } from '../../briefings/writing/assign-keys';
import { loadHouse } from '../../briefings/file/import';
import type { By } from '../../membership/actor';
import { noted, standingOf } from '../noted';
import type { DeskParts } from '../parts';

/** What a briefing begins with. */
export interface Beginning {
  readonly title: string;
  readonly lang: string;
  readonly category: string;
}

/** Begins a briefing: a draft with a title, in one language. Returns its id; null when there is no such category. */
export function begin(
  { wall, clock }: DeskParts,
  { title, lang, category: named }: Beginning,
  by: By,
): Promise<string | null> {
  return wall.write(desk, async (db) => {
    await awaitTurn(db);
    const house = await loadHouse(db);
    const category = house.formerCategories.get(named) ?? named;
    if (!house.categories.includes(category)) return null;
    const slug = untaken(slugOf(title) || 'untitled', (one) => house.slugs.has(one));
    const { id, revision } = await saveBriefing(
      db,
      null,
      {
        slug,
        formerly: [],
        state: 'draft',
        published: null,
        early: null,
        updated: null,
        type: 'signal',
        category,
        domain: 'technology',
        impact: 'medium',
        confidence: 50,
        relevance: 'medium',
        horizon: 'medium',
        sources: [],
        organizations: [],
        stricter: {},
        until: {},
        cover: null,
        figures: {},
        original: lang,
        editions: {
          [lang]: {
            title,
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
          },
        },
      },
      { origin: 'desk', authorId: by.actor.id },
    );
    await noted(
      db,
      by,
      clock.now(),
      'briefing-begun',
      { id, slug },
      { after: standingOf({ slug, state: 'draft', published: null }, revision) },
    );
    return id;
  });
}

import { editorialViewer } from '../../access/viewer';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { saveRevision } from '../../briefings/writing/save-revision';
import { slugForTitle } from '../../briefings/writing/assign-keys';
import { EMPTY_EDITION, type BriefingContent } from '../../briefings/content';
import { eachChoice, type Choice } from '../../briefings/fields';
import { loadSiteContext } from '../../briefings/file/import';
import type { ActorAt } from '../../membership/actor';
import { auditBriefing, auditFacts } from '../audit';
import type { DeskParts } from '../parts';

/** What a briefing begins with. */
export interface NewBriefing {
  readonly title: string;
  readonly lang: string;
  readonly category: string;
}

function emptyBriefing(slug: string, category: string, lang: string, title: string): BriefingContent {
  return {
    ...{ slug, formerly: [], state: 'draft', published: null, early: null, updated: null },
    ...(eachChoice(() => null) as Pick<BriefingContent, Choice>),
    category,
    ...{ sources: [], organizations: [], authors: [], stricter: {}, until: {}, cover: null, figures: {} },
    original: lang,
    editions: { [lang]: { ...EMPTY_EDITION, title } },
  };
}

/** Begins a briefing: a draft with a title, in one language. Returns its id; null when there is no such category. */
export function createBriefing(
  { wall, clock }: DeskParts,
  { title, lang, category: named }: NewBriefing,
  by: ActorAt,
): Promise<string | null> {
  return wall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const site = await loadSiteContext(db);
    const category = site.formerCategories.get(named) ?? named;
    if (!site.categories.includes(category)) return null;
    const slug = slugForTitle(title, (one) => site.slugs.has(one));
    const { id, revision } = await saveRevision(db, null, emptyBriefing(slug, category, lang, title), {
      origin: 'desk',
      authorId: by.actor.id,
    });
    await auditBriefing(
      db,
      by,
      clock.now(),
      'briefing-begun',
      { id, slug },
      { after: auditFacts({ slug, state: 'draft', published: null }, revision) },
    );
    return id;
  });
}

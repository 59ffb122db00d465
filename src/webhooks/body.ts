import { visitor } from '../access/viewer';
import { readSeveralAs } from '../briefings/articles/several-articles';
import { briefingPath } from '../briefings/reading/cards';
import type { SiteContext } from '../http/site-context';
import type { Wall } from '../stores/postgres/wall';

/** What a delivery is about, as its row has it. */
export interface ToldOf {
  readonly event: string;
  readonly createdAt: Date;
  readonly briefingId: string | null;
  readonly slug: string | null;
  readonly accountId: string | null;
  readonly tier: string | null;
  readonly formerTier: string | null;
}

/**
 * What a webhook is told: of a briefing what everybody may read of it when it is sent, of a member an id and a tier.
 * Null: there is nothing public to tell any more.
 */
export async function webhookBody(
  parts: { readonly wall: Wall; readonly site: SiteContext },
  told: ToldOf,
): Promise<string | null> {
  const data =
    told.briefingId === null
      ? { id: told.accountId, tier: told.tier, formerTier: told.formerTier }
      : told.event === 'briefing.withdrawn'
        ? { id: told.briefingId, slug: told.slug }
        : await publicBriefing(parts, told.briefingId);
  return data === null ? null : JSON.stringify({ type: told.event, timestamp: told.createdAt.toISOString(), data });
}

async function publicBriefing({ wall, site }: { readonly wall: Wall; readonly site: SiteContext }, id: string) {
  const [read] = await readSeveralAs(wall, visitor, [id]);
  if (!read) return null;
  const { content } = read;
  return {
    id,
    slug: content.slug,
    type: content.type,
    category: content.category,
    published: content.published?.toISOString() ?? null,
    updated: content.updated?.toISOString() ?? null,
    revision: read.revision,
    editions: Object.entries(content.editions).map(([lang, edition]) => {
      const language = site.languages.find(lang);
      return {
        language: lang,
        title: edition.title ?? null,
        summary: edition.summary ?? null,
        url: language ? `${site.publicUrl}${briefingPath(language, content.slug)}` : null,
      };
    }),
  };
}

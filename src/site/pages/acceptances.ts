import type { WallTransaction } from '../../stores/postgres/wall';
import type { AcceptablePage, SitePages } from './catalogue';
import { isAccepted, type AcceptedPage } from './names';

/** Where somebody accepts what has versions: joining, by a letter's link, paying, or asked at a visit. */
export const WAYS_TO_ACCEPT = ['join', 'letter', 'checkout', 'visit'] as const;
export type WayToAccept = (typeof WAYS_TO_ACCEPT)[number];

/** What somebody was shown when they accepted it. */
export interface ShownVersion {
  readonly slug: AcceptedPage;
  readonly version: number;
  readonly revision: number;
}

/** What a form shows of the pages that are accepted, as it sends it along: `terms:3.7 privacy:1.2`. */
export const writeShown = (pages: readonly Pick<AcceptablePage, 'slug' | 'version' | 'revision'>[]): string =>
  pages.map(({ slug, version, revision }) => `${slug}:${version}.${revision}`).join(' ');

/** The same as it comes back. What is nothing of ours is left out: then it was not shown. */
export function readShown(sent: unknown): readonly ShownVersion[] {
  if (typeof sent !== 'string') return [];
  return sent.split(' ').flatMap((entry): ShownVersion[] => {
    const [, slug = '', version, revision] = /^([a-z]{1,20}):(\d{1,6})\.(\d{1,6})$/.exec(entry) ?? [];
    return isAccepted(slug) ? [{ slug, version: Number(version), revision: Number(revision) }] : [];
  });
}

/**
 * Notes what an account has accepted: what its form has shown, whatever has been published since. What readers never
 * had is left out. In the registrar's transaction of what it is accepted for; done twice it is done once.
 */
export async function recordAcceptances(
  db: WallTransaction,
  accountId: string,
  shown: readonly ShownVersion[],
  way: WayToAccept,
  acceptedAt: Date,
): Promise<void> {
  for (const { slug, version, revision } of shown) {
    const found = await db.pageRevision.findFirst({
      where: { page: { slug }, number: revision, version, publishedAt: { not: null } },
      select: { pageId: true },
    });
    if (!found) continue;
    const row = { accountId, pageId: found.pageId, revision, version, way, acceptedAt };
    await db.acceptance.createMany({ data: [row], skipDuplicates: true });
  }
}

/** What an account is to be asked for: a version that members are asked for, and it has accepted none so young. */
export const owedBy = (
  pages: Pick<SitePages, 'acceptable'>,
  accepted: ReadonlyMap<string, number>,
): readonly AcceptablePage[] => pages.acceptable.filter(({ id, asked }) => asked > (accepted.get(id) ?? 0));

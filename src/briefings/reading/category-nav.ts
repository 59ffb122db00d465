import type { Viewer } from '../../access/viewer';
import type { Layout } from '../../http/layout/layout';
import type { Language } from '../../lib/language';
import type { PageCache } from '../../http/cache/page-cache';
import type { SiteCategories, SiteContext } from '../../http/site-context';
import type { Wall } from '../../stores/postgres/wall';
import { categoryLabel } from './cards';
import { readCategories, type CategoryRow } from './queries';

/**
 * The categories as they stand above every public page: those with something to read for this viewer. `current` is the
 * one the page belongs to.
 */
export async function categoryNav(
  { categories }: Pick<SiteContext, 'categories'>,
  viewer: Viewer,
  language: Language,
  current: string | null = null,
): Promise<Layout['nav']> {
  return (await categories.openTo(viewer)).map(({ slug, texts }) => {
    const { name, href } = categoryLabel(slug, texts, language);
    return { label: name.text, href, current: slug === current };
  });
}

/**
 * The categories with something to read, by how far a reader reads: kept for exactly as long as finished pages are, so
 * that a page that is made anew does not ask for them again.
 */
export class KeptCategories implements SiteCategories {
  private readonly byRank = new Map<number, Promise<CategoryRow[]>>();
  private generation = -1;

  constructor(
    private readonly wall: Wall,
    private readonly pages: Pick<PageCache, 'heard' | 'generationNow'>,
  ) {}

  openTo(viewer: Viewer): Promise<CategoryRow[]> {
    if (viewer.role !== 'reader' || viewer.gift !== undefined || !this.pages.heard())
      return readCategories(this.wall, viewer);
    const now = this.pages.generationNow();
    if (now !== this.generation) this.byRank.clear();
    this.generation = now;
    const known = this.byRank.get(viewer.rank);
    if (known) return known;
    const asked = readCategories(this.wall, viewer);
    this.byRank.set(viewer.rank, asked);
    asked.catch(() => {
      if (this.byRank.get(viewer.rank) === asked) this.byRank.delete(viewer.rank);
    });
    return asked;
  }
}

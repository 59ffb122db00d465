import type { Viewer } from '../../access/viewer';
import type { Layout } from '../../http/layout';
import type { Language } from '../../lib/language';
import type { Wall } from '../../stores/postgres/wall';
import { categoryLabel } from './cards';
import { readCategories } from './queries';

/**
 * The categories as they stand above every public page: those with something to read for this viewer. `current` is the
 * one the page belongs to.
 */
export async function categoryNav(
  wall: Wall,
  viewer: Viewer,
  language: Language,
  current: string | null = null,
): Promise<Layout['nav']> {
  return (await readCategories(wall, viewer)).map(({ slug, texts }) => {
    const { name, href } = categoryLabel(slug, texts, language);
    return { label: name.text, href, current: slug === current };
  });
}

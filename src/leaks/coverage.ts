import { editorialViewer } from '../access/viewer';
import type { BriefingContent } from '../briefings/content';
import { contentOf, findWhole } from '../briefings/reading/rows';
import { AXES } from '../briefings/vocabulary';
import { loadShape } from '../site/shape/load';
import type { BriefingShape } from '../site/shape/shape';
import type { Wall } from '../stores/postgres/wall';
import type { Planted } from './plant';
import { PLANTED_TEXTS } from './planted-content';

/** What a text of a briefing may be, by its name: the texts of one language. */
function textsOf(
  content: BriefingContent,
  shape: BriefingShape,
  lang: string,
): Map<string, readonly (string | null)[]> {
  const edition = content.editions[lang];
  const sources = Object.values(edition?.sources ?? {});
  return new Map<string, readonly (string | null)[]>([
    ...PLANTED_TEXTS.map(({ name, property }) => [name, [edition?.[property] ?? null]] as const),
    ['body', [edition?.body ?? null]] as const,
    ...AXES.map((axis) => [`explanation of ${axis}`, [edition?.explanations[axis] ?? null]] as const),
    ...shape.facts.map(({ slug }) => [`fact ${slug}`, [edition?.facts[slug] ?? null]] as const),
    ...shape.lists.map(({ slug }) => [`list ${slug}`, edition?.lists[slug] ?? []] as const),
    ['title of a source', sources.map(({ title }) => title)] as const,
    ['description of a source', sources.map(({ description }) => description)] as const,
    ...shape.kinds.map(({ slug }) => {
      const own = (edition?.passages ?? []).filter(({ kind }) => kind === slug);
      return [`kind ${slug}`, own.map(({ text }) => text)] as const;
    }),
  ]);
}

/**
 * Kinds, fields and languages of this house in which no canary stands: of these a walk says nothing. They are read
 * anew, from the shape as it is now and from what was really planted.
 * @param langs codes of the languages that pages are in now.
 */
export async function uncovered(
  wall: Wall,
  { canaries, published: [slug = ''] }: Pick<Planted, 'canaries' | 'published'>,
  langs: readonly string[],
): Promise<string[]> {
  return wall.read(editorialViewer, async (db) => {
    const shape = await loadShape(db);
    const row = await findWhole(db, { slug });
    if (!row) return ['the briefing that is to be covered was not planted'];
    const content = contentOf(row);
    return langs.flatMap((lang) =>
      [...textsOf(content, shape, lang)]
        .filter(([, texts]) => !texts.some((text) => text !== null && canaries.find(text.toLowerCase()).length > 0))
        .map(([name]) => `${name}, ${lang}`),
    );
  });
}

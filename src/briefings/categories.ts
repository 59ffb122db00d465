import { editorialViewer } from '../access/viewer';
import type { Wall } from '../stores/postgres/wall';
import { FaultyFiles, shown, type Fault } from './file/fault';
import { readFrontMatter } from './file/front-matter';
import { categoriesShape } from './file/shape';
import { readText } from './file/text';
import { findCategories } from './reading/queries';
import { formerCategories } from './former-categories';
import { lockBriefings } from './writing/lock-briefings';

/** The file's name wherever it lies. */
export const CATEGORIES_FILE = 'categories.yaml';

/**
 * Creates or renames the categories of a `categories.yaml`. They stand together in its order, where the first of them
 * that was there stood, or after all others; those it does not name stay in theirs. One it names by a former slug is
 * the one that had it.
 * @returns how many it names.
 * @throws FaultyFiles with every fault; nothing is changed then.
 */
export async function importCategories(wall: Wall, file: string, bytes: Uint8Array): Promise<number> {
  const categories = readCategories(file, bytes);
  await wall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const former = await formerCategories(db);
    const before = (await findCategories(db)).map(({ slug }) => slug);
    const named = Object.keys(categories).map((slug) => former.get(slug) ?? slug);
    const others = before.filter((slug) => !named.includes(slug));
    const first = before.findIndex((slug) => named.includes(slug));
    const order = others.toSpliced(first < 0 ? others.length : first, 0, ...new Set(named));
    for (const [position, slug] of order.entries())
      await db.category.upsert({
        where: { slug },
        create: { slug, position },
        update: { position },
        select: { slug: true },
      });
    for (const [index, { name, description }] of Object.values(categories).entries()) {
      const slug = named[index]!;
      await db.categoryText.deleteMany({ where: { categorySlug: slug } });
      await db.categoryText.createMany({
        data: Object.entries(name).map(([lang, text]) => ({
          categorySlug: slug,
          lang,
          name: text,
          description: description?.[lang] ?? null,
        })),
      });
    }
  });
  return Object.keys(categories).length;
}

function readCategories(file: string, bytes: Uint8Array) {
  const text = readText(file, bytes);
  if ('faults' in text) throw new FaultyFiles(text.faults);
  // The same reader as a briefing's front matter: between lines of ---, which stand at 0 and at the end here.
  const matter = readFrontMatter(file, `---\n${text.text}\n---\n`);
  if ('faults' in matter) throw new FaultyFiles(matter.faults.map((fault) => ({ ...fault, line: fault.line - 1 })));
  const parsed = categoriesShape.safeParse(matter.value);
  if (parsed.success) {
    const unnamed: Fault[] = Object.entries(parsed.data).flatMap(([slug, { name, description }]) => [
      ...(Object.keys(name).length === 0
        ? [
            {
              file,
              line: matter.lineOf([slug, 'name']) - 1,
              field: `${slug}.name`,
              found: 'nothing',
              allowed: 'a name in one language or more',
            },
          ]
        : []),
      ...Object.keys(description ?? {})
        .filter((lang) => !(lang in name))
        .map((lang) => ({
          file,
          line: matter.lineOf([slug, 'description', lang]) - 1,
          field: `${slug}.description.${lang}`,
          found: 'a description without a name in that language',
          allowed: `one of ${Object.keys(name).join(', ')}`,
        })),
    ]);
    if (unnamed.length > 0) throw new FaultyFiles(unnamed);
    return parsed.data;
  }
  throw new FaultyFiles(
    parsed.error.issues.map((issue) => ({
      file,
      line: matter.lineOf(issue.path) - 1,
      field: issue.path.join('.') || 'file',
      found: shown(issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.path.at(-1)),
      allowed: issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
    })),
  );
}

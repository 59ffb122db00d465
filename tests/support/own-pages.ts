import { editorialViewer } from '../../src/access/viewer';
import type { PageContent } from '../../src/site/pages/content';
import { findEditablePage, lockPages } from '../../src/site/pages/editable';
import { addPagePicture } from '../../src/site/pages/pictures';
import { createPage, movePage, publishPage, writeDraft, type PageChange } from '../../src/site/pages/writing';
import type { Dossier } from './dossier';

const AUTHOR = { accountId: null, saveKey: null };

/** A page of a title and a body in each of these languages. */
export const saying = (texts: Readonly<Record<string, string>>): PageContent => ({
  ...{ original: Object.keys(texts)[0]!, authors: [] },
  texts: Object.fromEntries(
    Object.entries(texts).map(([lang, title]) => [
      lang,
      { title, description: `${title} in a sentence.`, body: `The body of ${title}.` },
    ]),
  ),
});

/** Writes a page, or what it says next, and gives it to readers, who meet it from now on; its id. */
export async function writePage(
  { wall, clock, app }: Pick<Dossier, 'wall' | 'clock' | 'app'>,
  slug: string,
  {
    content = saying({ en: `A page called ${slug}` }),
    publish = true,
    formerly,
    change = 'version',
    when = null,
    sample = false,
    pictures = {},
  }: {
    readonly content?: PageContent;
    readonly publish?: boolean;
    readonly formerly?: string;
    readonly change?: PageChange;
    readonly when?: Date | null;
    readonly sample?: boolean;
    /** Pictures that are kept already, by the names its texts know them by. */
    readonly pictures?: Readonly<Record<string, string>>;
  } = {},
): Promise<string> {
  const author = { ...AUTHOR, now: clock.now() };
  const written = await wall.write(editorialViewer, async (db) => {
    await lockPages(db);
    const there = await db.page.findUnique({ where: { slug } });
    const id = there?.id ?? (await createPage(db, { slug: formerly ?? slug, content }, author));
    if (there) await writeDraft(db, id, content, author);
    for (const [name, picture] of Object.entries(pictures)) await addPagePicture(db, id, name, picture);
    if (publish) {
      const saved = await publishPage(db, (await findEditablePage(db, id))!, { when, change, authorId: null, sample });
      if (typeof saved === 'string') throw new Error(saved);
    }
    if (formerly) await movePage(db, (await findEditablePage(db, id))!, slug);
    return id;
  });
  await app.caughtUp();
  return written;
}

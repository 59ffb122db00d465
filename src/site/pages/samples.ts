import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { editorialViewer } from '../../access/viewer';
import { root } from '../../lib/root';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import type { PageContent, PageText } from './content';
import { findEditablePage, lockPages } from './editable';
import { createPage, deletePage, isTaken, publishPage } from './writing';

/** Where the sample pages lie: `<slug>.<language>.md`, a heading, a quoted description, and the body. */
const SAMPLE_PAGES = path.join(root, 'prisma/sample-pages');

function readText(file: string): PageText {
  const [, title = '', description = '', body = ''] = /^# (.*)\n+> (.*)\n+([^]*)$/.exec(file) ?? [];
  return { title, description, body: body.trim() };
}

/** What the samples say, by their addresses. */
async function readSamplePages(): Promise<ReadonlyMap<string, PageContent>> {
  const pages = new Map<string, PageContent>();
  for (const name of (await readdir(SAMPLE_PAGES)).sort()) {
    const [slug = '', lang = ''] = name.split('.');
    const text = readText(await readFile(path.join(SAMPLE_PAGES, name), 'utf8'));
    const before = pages.get(slug);
    pages.set(slug, { original: before?.original ?? lang, texts: { ...before?.texts, [lang]: text }, authors: [] });
  }
  return pages;
}

/** Publishes the sample pages whose addresses are free, each marked as a sample. Their addresses. */
export async function bringSamplePages(wall: Wall, now: Date): Promise<readonly string[]> {
  const samples = await readSamplePages();
  return wall.write(editorialViewer, async (db) => {
    await lockPages(db);
    const brought: string[] = [];
    for (const [slug, content] of samples) {
      if (await isTaken(db, slug)) continue;
      const id = await createPage(db, { slug, content }, { accountId: null, saveKey: null, now });
      const at = (await findEditablePage(db, id))!;
      await publishPage(db, at, { when: null, change: 'version', authorId: null, sample: true });
      brought.push(slug);
    }
    return brought;
  });
}

/** A page that came as a sample; `untouched`: nobody has written anything else into it. */
export interface SamplePage {
  readonly id: string;
  readonly slug: string;
  readonly untouched: boolean;
}

/** The pages there are that came as samples. */
export async function findSamplePages(db: WallTransaction): Promise<readonly SamplePage[]> {
  const rows = await db.page.findMany({
    where: { revisions: { some: { sample: true } } },
    select: { id: true, slug: true, draft: { select: { pageId: true } }, revisions: { select: { sample: true } } },
    orderBy: { slug: 'asc' },
  });
  return rows.map(({ id, slug, draft, revisions }) => ({
    ...{ id, slug },
    untouched: draft === null && revisions.every(({ sample }) => sample),
  }));
}

/** Takes sample pages away with every trace: revisions, former addresses, and who has accepted them. */
export async function removeSamplePages(db: WallTransaction, pages: readonly SamplePage[]): Promise<void> {
  await lockPages(db);
  for (const { id } of pages) await deletePage(db, id);
}

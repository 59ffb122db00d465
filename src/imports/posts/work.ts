import { accountsViewer, editorialViewer } from '../../access/viewer';
import { loadSiteContext } from '../../briefings/file/import';
import { picturesOf } from '../../briefings/pictures/queries';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { saveRevision } from '../../briefings/writing/save-revision';
import type { WallTransaction } from '../../stores/postgres/wall';
import { isUnavailable } from '../../stores/unavailable';
import { fillInAuthors, namedAuthors, notesOfAuthors, unknownAmong } from './authors';
import { evaluatePost } from './content';
import { judgePage, makePage, takenSlugs, type JudgedPage } from './pages';
import { readPostOptions, type PostOptions } from './options';
import { readPost, type Post } from './post';
import { sealName } from './receive';
import type { PostParts } from './parts';
import { deleteSealed } from './take-back';
import { drawNext, knownAmong, loadPictures, readyPictures, storeShown } from './pictures/kept';

/** Posts that a check looks at in one go. */
const BATCH = 25;

interface Row {
  readonly number: number;
  readonly slug: string;
  /** Null: what was sealed cannot be opened. */
  readonly post: Post | null;
}

interface Claimed {
  readonly options: PostOptions;
  readonly rows: readonly Row[];
}

/** The next posts of an import that stands in that state. Null: it does not (any more). */
function claimPosts(
  { wall, sealer }: PostParts,
  id: string,
  state: 'checking' | 'running',
  take: number,
): Promise<Claimed | null> {
  return wall.read(accountsViewer, async (db) => {
    const it = await db.import.findFirst({ where: { id, state }, select: { place: true, options: true } });
    if (it === null) return null;
    const rows = await db.importRow.findMany({
      where: { importId: id, number: { gt: it.place }, ...(state === 'running' ? { outcome: 'add' } : {}) },
      orderBy: { number: 'asc' },
      take,
      select: { number: true, cells: true, text: { select: { sealed: true } } },
    });
    return {
      options: readPostOptions(it.options),
      rows: rows.map(({ number, cells, text }) => {
        const opened = text && sealer.open(text.sealed, sealName(id, number));
        return { number, slug: cells[1] ?? '', post: opened ? readPost(opened.toString('utf8')) : null };
      }),
    };
  });
}

/**
 * Goes on with a dry run: says for some more posts what would become of them.
 * @returns whether there is more to do.
 */
export async function checkPosts(parts: PostParts, id: string): Promise<boolean> {
  if (await drawNext(parts, id)) return true;
  const it = await claimPosts(parts, id, 'checking', BATCH);
  if (it === null) return false;
  const known = knownAmong(
    await loadPictures(
      parts,
      id,
      it.rows.map(({ post }) => post),
    ),
  );
  const pages = new Map(
    it.rows.flatMap(({ number, post }) =>
      post?.kind === 'page' ? [[number, judgePage(post, it.options, parts.reserved(), known)]] : [],
    ),
  );
  const { site, paths, slugs } = await parts.wall.read(editorialViewer, async (db) => ({
    site: await loadSiteContext(db),
    paths: await takenPaths(db, it.rows),
    slugs: await takenSlugs(
      db,
      [...pages.values()].flatMap((page) => ('slug' in page ? [page.slug] : [])),
    ),
  }));
  const outcomes = it.rows.map(({ number, post }) => {
    if (post === null) return { number, outcome: 'refuse', notes: ['post-sealed'] };
    const page = pages.get(number);
    if (page) return { number, ...outcomeOfPage(page, slugs) };
    if (paths.has(post.path)) return { number, outcome: 'refuse', notes: [`post-path-taken:${post.path}`] };
    const evaluated = evaluatePost(post, it.options, site, known);
    return 'refused' in evaluated
      ? { number, outcome: 'refuse', notes: [evaluated.refused] }
      : { number, outcome: 'add', notes: evaluated.notes };
  });
  const last = it.rows.at(-1)?.number;
  return parts.wall.write(accountsViewer, async (db) => {
    for (const { number, outcome, notes } of outcomes)
      await db.importRow.updateMany({ where: { importId: id, number }, data: { outcome, notes: [...notes] } });
    if (last === undefined) await refuseTwice(db, id);
    const { count } = await db.import.updateMany({
      where: { id, state: 'checking' },
      data:
        last === undefined
          ? { state: 'checked', version: { increment: 1 }, facts: {}, finishedAt: parts.clock.now() }
          : { place: last },
    });
    return count === 1 && last !== undefined;
  });
}

function outcomeOfPage(page: JudgedPage, taken: ReadonlySet<string>): { outcome: string; notes: readonly string[] } {
  if ('refused' in page) return { outcome: 'refuse', notes: [page.refused] };
  if (taken.has(page.slug)) return { outcome: 'refuse', notes: [`page-slug-taken:/${page.slug}`] };
  return { outcome: 'add', notes: page.notes };
}

const takenPaths = async (db: WallTransaction, rows: readonly Row[]): Promise<ReadonlySet<string>> => {
  const asked = rows.flatMap(({ post }) => (post === null ? [] : [post.path]));
  const taken = await db.formerPath.findMany({ where: { path: { in: asked } }, select: { path: true } });
  return new Set(taken.map(({ path }) => path));
};

/** Of posts with one address, the first is taken. */
const refuseTwice = (db: WallTransaction, id: string): Promise<number> =>
  db.$executeRaw`
    UPDATE import_rows later SET outcome = 'refuse', notes = ARRAY['post-twice:' || one.line]
    FROM (SELECT DISTINCT ON (cells[2]) cells[2] AS slug, line, number FROM import_rows
      WHERE import_id = ${id}::uuid AND outcome = 'add' ORDER BY cells[2], number) one
    WHERE later.import_id = ${id}::uuid AND later.cells[2] = one.slug AND later.number > one.number
      AND later.outcome = 'add'`;

/**
 * Makes the briefing of the next post, in one transaction with the mark that it is made; then its row says so. Broken
 * off between the two, the mark is found and nothing is made twice.
 * @returns whether there is more to do.
 */
export async function applyPost(parts: PostParts, id: string): Promise<boolean> {
  const it = await claimPosts(parts, id, 'running', 1);
  if (it === null) return false;
  const [row] = it.rows;
  if (row === undefined) {
    await finish(parts, id);
    return false;
  }
  const done = await makeBriefing(parts, id, row, it.options);
  await parts.wall.write(accountsViewer, async (db) => {
    await db.importRow.updateMany({ where: { importId: id, number: row.number }, data: done });
    await db.import.updateMany({ where: { id }, data: { place: row.number } });
  });
  return true;
}

/** What is sealed is of no more use. */
const finish = ({ wall, clock }: PostParts, id: string): Promise<void> =>
  wall.write(accountsViewer, async (db) => {
    const data = { state: 'done', version: { increment: 1 }, finishedAt: clock.now() };
    const { count } = await db.import.updateMany({ where: { id, state: 'running' }, data });
    if (count === 1) await deleteSealed(db, id);
  });

interface Done {
  readonly outcome: 'added' | 'refused';
  readonly briefingId?: string;
  readonly made?: string[];
  readonly notes?: string[];
}

const refusedAs = (why: string): Done => ({ outcome: 'refused', notes: [why] });

async function makeBriefing(parts: PostParts, id: string, row: Row, options: PostOptions): Promise<Done> {
  const { number, post } = row;
  const by = { importId: id, importRow: number };
  if (post === null) return refusedAs('post-sealed');
  try {
    const kept = await loadPictures(parts, id, [post]);
    const ready = await readyPictures(parts, id, kept);
    if (post.kind === 'page') {
      const page = await makePage(parts, { id, number, post, options }, { kept, ready });
      return 'refused' in page ? refusedAs(page.refused) : { outcome: 'added', made: page.made };
    }
    return await parts.wall.write(editorialViewer, async (db): Promise<Done> => {
      await lockBriefings(db);
      const marked = await db.formerPath.findFirst({ where: by, select: { briefingId: true } });
      if (marked) return { outcome: 'added', ...marked, made: await notesOfAuthors(db, by) };
      if ((await db.formerPath.count({ where: { path: post.path } })) > 0)
        return refusedAs(`post-path-taken:${post.path}`);
      const site = await loadSiteContext(db);
      const evaluated = evaluatePost(post, options, site, knownAmong(kept));
      if ('refused' in evaluated) return refusedAs(evaluated.refused);
      const brought = (await unknownAmong(db, namedAuthors(post))).filter(({ key }) =>
        evaluated.content.authors.some((one) => one.key === key),
      );
      await storeShown(db, ready, picturesOf(evaluated.content).values());
      const { id: briefingId } = await saveRevision(db, null, evaluated.content, { origin: 'import', authorId: null });
      await db.formerPath.create({ data: { path: post.path, briefingId, ...by }, select: { path: true } });
      return { outcome: 'added', briefingId, made: await fillInAuthors(db, brought, options.language, by) };
    });
  } catch (error) {
    // A failure of the database may quote what was to be written: neither a log nor the queue is to have it.
    if (isUnavailable(error)) throw new Error('the database went away while a post was brought in');
    return refusedAs('post-failed');
  }
}

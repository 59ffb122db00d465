import { movedAuthor } from '../../briefings/authors';
import { wholeAuthor, type AuthorRow } from '../../briefings/author-rows';
import { deletePictures } from '../../briefings/pictures/queries';
import { lockPages } from '../../site/pages/editable';
import { pagesNaming } from '../../site/pages/authors';
import { Failure } from '../../lib/failure';
import type { WallTransaction } from '../../stores/postgres/wall';
import { findUsers } from '../records/queries';
import type { RecordKind } from '../records/record';
import type { AuthorInput } from './forms';

/** An author, as the desk keeps them. Their picture is changed by itself (actions.ts) and goes with them. */
export const authorKind: RecordKind<AuthorRow, AuthorInput> = {
  name: 'author',
  find: async (db, slug) =>
    db.author.findUnique({ where: { slug: (await movedAuthor(db, slug)) ?? slug }, include: wholeAuthor }),
  inputOf: ({ slug, name, links, texts }, langs) => ({
    ...{ slug, name, links },
    lines: Object.fromEntries(texts.filter(({ lang }) => langs.includes(lang)).map(({ lang, line }) => [lang, line])),
  }),
  factsOf: ({ slug, name, links, lines }, langs) => ({
    slug,
    'author-name': name,
    'author-links': links.join(' ') || null,
    ...Object.fromEntries(langs.map((lang) => [`author-line.${lang}`, lines[lang] ?? null])),
  }),
  nameOf: ({ name }) => name,
  takenOf: async (db, { slug }, own) => {
    const holder = (await movedAuthor(db, slug)) ?? slug;
    const taken = holder !== own && (await db.author.count({ where: { slug: holder } })) > 0;
    return taken ? { slug: 'desk.author.wrong.slug.taken' } : {};
  },
  usersOf: async (db, authorSlug) => {
    const pages = (await pagesNaming(db, authorSlug)).map((page) => ({ section: 'pages' as const, ...page }));
    return findUsers(db, { authors: { some: { authorSlug } } }, pages);
  },
  create: async (db, input) => {
    const { slug, name, links } = input;
    await db.author.create({ data: { slug, name, links: [...links] }, select: { slug: true } });
    await writeLines(db, input);
  },
  update: async (db, row, input, langs) => {
    const { slug, name, links } = input;
    await db.formerAuthorSlug.deleteMany({ where: { slug } });
    const data = { slug, name, links: [...links] };
    await db.author.update({ where: { slug: row.slug }, data, select: { slug: true } });
    if (slug !== row.slug)
      await db.formerAuthorSlug.create({ data: { slug: row.slug, authorSlug: slug }, select: { slug: true } });
    await db.authorText.deleteMany({ where: { authorSlug: slug, lang: { in: [...langs] } } });
    await writeLines(db, input);
  },
  delete: async (db, { slug, pictureId }) => {
    // Somebody may be giving them a page at this moment.
    await lockPages(db);
    if ((await pagesNaming(db, slug)).length > 0) throw new Failure(409, 'an author of a page');
    await db.author.delete({ where: { slug }, select: { slug: true } });
    await deletePictures(db, [pictureId]);
  },
};

const writeLines = (db: WallTransaction, { slug, lines }: AuthorInput) =>
  db.authorText.createMany({
    data: Object.entries(lines).map(([lang, line]) => ({ authorSlug: slug, lang, line })),
  });

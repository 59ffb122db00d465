import { wholeAuthor } from '../../briefings/author-rows';
import type { WallTransaction } from '../../stores/postgres/wall';

export const AUTHORS_AT_ONCE = 50;

/** One page of all authors by their names, with how many briefings each has, working copies counted apart from none. */
export async function findAuthors(db: WallTransaction, page: number) {
  const total = await db.author.count();
  const rows = await db.author.findMany({
    include: { ...wholeAuthor, _count: { select: { written: { where: { briefing: { copyOf: null } } } } } },
    orderBy: [{ name: 'asc' }, { slug: 'asc' }],
    skip: (page - 1) * AUTHORS_AT_ONCE,
    take: AUTHORS_AT_ONCE,
  });
  return { rows, pages: Math.max(1, Math.ceil(total / AUTHORS_AT_ONCE)) };
}

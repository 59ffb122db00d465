import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import {
  countSubscribers,
  listSubscribers,
  type SubscriberFilter,
  type SubscriberRow,
} from '../../membership/subscribers';
import type { Wall } from '../../stores/postgres/wall';
import { exportTable } from '../export-table';
import { inputField, selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { sayMailBlock } from '../mail-block';
import type { SubscribersPage } from '../page-types';
import type { AdminParts } from '../parts';
import { staffOf, staffOnly } from '../staff';

/** Subscribers on a page, that are counted, and that are read at a time for a table. */
const ON_A_PAGE = 50;
const MOST_COUNTED = 1_000;
const BATCH = 1_000;

const LISTS = ['each', 'daily', 'weekly'] as const;
const filter = z.strictObject({
  q: z.string().max(254).optional(),
  list: z.union([z.literal('').transform(() => undefined), z.enum(LISTS)]).optional(),
});
const query = filter.extend({ page: z.coerce.number().int().min(1).max(10_000).default(1) });

/** What is asked for, without what was left empty. */
const filterOf = ({ q, list }: z.output<typeof filter>): SubscriberFilter => ({ q: q || undefined, list });

interface Context {
  readonly parts: AdminParts;
  readonly language: Language;
}

/** `/admin/subscribers`: who gets letters without an account, and the same as a table to take along. */
export function subscriberListRoutes(parts: AdminParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/subscribers')
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/admin/subscribers/export')
    .post(staffOnly(language, ['admin']), formBody, (req, res) => sendTable(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function show({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const { done: _done, ...given } = req.query;
  const parsed = query.safeParse(given);
  if (!parsed.success) throw new Failure(400, 'that is not asked for in this list');
  const { page: number, ...asked } = parsed.data;
  const { rows, count } = await parts.wall.read(accountsViewer, async (db) => ({
    rows: await listSubscribers(db, filterOf(asked), { skip: (number - 1) * ON_A_PAGE, take: ON_A_PAGE + 1 }),
    count: await countSubscribers(db, filterOf(asked), MOST_COUNTED + 1),
  }));
  const path = `${prefix}/admin/subscribers`;
  const at = (page: number) => withQuery(path, { ...asked, page: page === 1 ? undefined : String(page) });
  const admin = staffOf(res).role === 'admin';
  const page: SubscribersPage = {
    frame: adminFrame(language, req, res, 'subscribers', say('admin.subscribers.heading')),
    intro: say('admin.subscribers.intro'),
    filter: {
      action: path,
      fields: [
        inputField(language, 'q', 'search', asked.q ?? '', {
          label: say('admin.column.address'),
          hint: say('admin.subscribers.q.hint'),
        }),
        selectField(language, 'list', asked.list ?? '', listsIn(language), { any: say('admin.any') }),
      ],
      all: asked.q || asked.list ? path : null,
    },
    count:
      count > MOST_COUNTED
        ? say('admin.subscribers.many', { most: language.number(MOST_COUNTED) })
        : say('admin.subscribers.count', { n: count }),
    rows: rows.slice(0, ON_A_PAGE).map((row) => lineOf(language, row, admin)),
    steps: { previous: number > 1 ? at(number - 1) : null, next: rows.length > ON_A_PAGE ? at(number + 1) : null },
    exports:
      admin && rows.length > 0
        ? {
            ...{ action: `${path}/export`, label: say('admin.subscribers.export') },
            hidden: Object.entries(asked).flatMap(([name, value]) => (value ? [{ name, value }] : [])),
          }
        : null,
  };
  await renderAdmin(parts.site, language, req, res, 'subscribers/list', '/admin/subscribers', page);
}

const listsIn = ({ say }: Language) => LISTS.map((value) => ({ value, label: say(`issue.list.${value}`) }));

/** One subscriber as the list says it. */
const lineOf = (language: Language, row: SubscriberRow, admin: boolean): SubscribersPage['rows'][number] => ({
  email: row.email,
  list: language.say(`issue.list.${row.list}`),
  categories: row.categories.join(', '),
  lang: row.lang,
  since: language.day(row.confirmedAt),
  refused: row.mailRefusedAt === null ? null : language.say('admin.status.refused'),
  blocked: row.block && sayMailBlock(language, row.block),
  lift: admin && row.block ? `${language.prefix}/admin/subscribers/${row.id}/lift-mail-block` : null,
  remove: admin ? `${language.prefix}/admin/subscribers/${row.id}/remove` : null,
});

const COLUMNS = ['id', 'email', 'list', 'language', 'categories', 'confirmed_at', 'refused_at', 'blocked'] as const;

async function sendTable({ parts }: Context, req: Request, res: Response): Promise<void> {
  const parsed = filter.safeParse(req.body ?? {});
  if (!parsed.success) throw new Failure(400, 'that is not asked for in this list');
  const asked = parsed.data;
  await exportTable(parts, req, res, {
    name: 'subscribers',
    asked,
    columns: COLUMNS,
    batches: () => batches(parts.wall, filterOf(asked)),
  });
}

/** All of them, in batches that each take a transaction of their own: a slow reader holds up nothing. */
async function* batches(wall: Wall, asked: SubscriberFilter): AsyncGenerator<(string | Date | null)[][]> {
  let behind: string | undefined;
  for (;;) {
    const rows = await wall.read(accountsViewer, (db) => listSubscribers(db, asked, { take: BATCH, behind }));
    yield rows.map(({ id, email, list, lang, categories, confirmedAt, mailRefusedAt, block }) => [
      ...[id, email, list, lang],
      ...[categories.join(' '), confirmedAt, mailRefusedAt, block?.kind ?? null],
    ]);
    behind = rows.at(-1)?.id;
    if (rows.length < BATCH) return;
  }
}

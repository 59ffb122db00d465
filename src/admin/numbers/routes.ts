import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { formatMoment } from '../../accounts/own/format';
import { accountsViewer } from '../../access/viewer';
import { readBeginning, readJoins, readPayments, readRevenue, readTrials, readTurnover } from '../../billing/numbers';
import { onlyMethods } from '../../http/errors';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { dayIn } from '../../lib/local-time';
import { readMembers } from '../../membership/numbers';
import { sendCsv } from '../csv';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminParts } from '../parts';
import { staffOnly } from '../staff';
import { nameTiers } from '../tier-names';
import { FIGURES, type Figure } from './figure';
import { figuresOf, viewOf } from './figures';
import type { NumbersPage } from './page-types';
import { RANGES, rangeOf, type Range } from './range';
import { gateBatches, readBatches, readReadings } from './readings';

const schema = z.object({ range: z.enum(RANGES).default('12-months') });

interface Context {
  readonly parts: AdminParts;
  readonly language: Language;
}

/**
 * `/admin/numbers`: how the business goes, each figure with its table, and the table as a file. Sums alone; nobody is
 * in them.
 */
export function numbersRoutes(parts: AdminParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  const adminsOnly = staffOnly(language, ['admin']);
  router
    .route('/admin/numbers')
    .all(adminsOnly)
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/admin/numbers/:table')
    .all(adminsOnly)
    .get((req, res) => sendTable(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** The range that is asked for. @throws Failure 400 where there is no such range. */
async function rangeIn({ parts: { wall, clock }, language }: Context, req: Request): Promise<Range> {
  const parsed = schema.safeParse(req.query);
  if (!parsed.success) throw new Failure(400, 'there is no such range');
  const now = clock.now();
  const begins = parsed.data.range === 'all' ? await wall.read(accountsViewer, readBeginning) : null;
  return rangeOf(parsed.data.range, begins ?? now, now, language.zone);
}

/** Each in a transaction of its own: with many members one of them is long, and the others need not wait for it. */
async function readFigures({ parts: { wall }, language }: Context, range: Range): Promise<Figure[]> {
  const tiers = await wall.read(accountsViewer, (db) => nameTiers(db, language));
  const [members, money, readings] = await Promise.all([
    wall.read(accountsViewer, (db) => readMembers(db, range, tiers.all)),
    wall.read(accountsViewer, async (db) => ({
      revenue: await readRevenue(db, range),
      turnover: await readTurnover(db, range),
      joins: await readJoins(db, range),
      trials: await readTrials(db, range),
      payments: await readPayments(db, range),
    })),
    readReadings(wall, range),
  ]);
  return figuresOf({ language, range, tiers }, { members, ...money, readings });
}

async function show(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { say, prefix } = language;
  const path = `${prefix}/admin/numbers`;
  const range = await rangeIn(context, req);
  const figures = await readFigures(context, range);
  const page: NumbersPage = {
    frame: adminFrame(language, req, res, 'numbers', say('admin.numbers.heading')),
    ranges: RANGES.map((name) => ({
      label: say(`admin.numbers.range.${name}`),
      href: withQuery(path, { range: name }),
      current: name === range.name,
    })),
    asOf: say('admin.numbers.as-of', { moment: formatMoment(language, range.now), zone: language.zone }),
    figures: figures.map((figure) =>
      viewOf(language, figure, withQuery(`${path}/${figure.name}.csv`, { range: range.name })),
    ),
  };
  await renderAdmin(parts.site, language, req, res, 'numbers', '/admin/numbers', page);
}

async function sendTable(context: Context, req: Request, res: Response): Promise<void> {
  const { wall } = context.parts;
  const { zone } = context.language;
  const name = FIGURES.find((one) => `${one}.csv` === req.params['table']);
  if (!name) throw notFound('such a table');
  const range = await rangeIn(context, req);
  const file = `${name}-${range.name}-${dayIn(range.now, zone)}-${zone.replaceAll('/', '-')}`;
  if (name === 'briefings') return sendCsv(res, file, ['day', 'briefing', 'rank', 'reads'], readBatches(wall, range));
  if (name === 'gates')
    return sendCsv(res, file, ['day', 'briefing', 'tier', 'shown', 'begun', 'done'], gateBatches(wall, range));
  const figures = (await readFigures(context, range)).filter((one) => one.name === name);
  const [first] = figures;
  const columns = figures.flatMap((one) => one.columns);
  await sendCsv(
    res,
    file,
    [first!.head.key, ...columns.map(({ key }) => key)],
    inOne(first!.rows.map(({ key }, place) => [key, ...columns.map((column) => cellOf(column, place))])),
  );
}

/** A value as a file has it: an amount of money in its currency, with a point; anything else as it is. */
function cellOf({ values, write }: Figure['columns'][number], place: number): string | number | null {
  const value = values[place] ?? null;
  return value === null || write === undefined ? value : write(value);
}

/** A table that is small enough to be one batch. */
async function* inOne<Rows>(rows: Rows): AsyncGenerator<Rows> {
  yield await Promise.resolve(rows);
}

import { Router, type Request, type Response } from 'express';
import { GRANT_SOURCES, type GrantSource } from '../../access/account-access';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { countMembers, listMembers } from '../../membership/members';
import type { WallTransaction } from '../../stores/postgres/wall';
import { exportTable } from '../export-table';
import { adminFrame, renderAdmin } from '../frame';
import type { MembersPage } from '../page-types';
import type { AdminParts } from '../parts';
import { staffOf, staffOnly } from '../staff';
import { nameTiers } from '../tier-names';
import { MEMBER_COLUMNS, memberBatches } from './export';
import { GRANTED_SOURCES, parseMemberQuery, readPlace, validateMemberQuery, type MemberQuery } from './filter';
import { filterForm, memberLine, stepsOf } from './list-page';

/** Members on a page, and members that are counted. */
const ON_A_PAGE = 50;
const MOST_COUNTED = 1_000;

/** The origins to choose from: what something grants, what there are rows of, and what is asked for. */
async function offeredSources(db: WallTransaction, asked: GrantSource | undefined): Promise<GrantSource[]> {
  const others = GRANT_SOURCES.filter((source) => !GRANTED_SOURCES.includes(source));
  const found: GrantSource[] = [];
  for (const source of others)
    if (source === asked || (await db.grant.findFirst({ where: { source }, select: { id: true } }))) found.push(source);
  return [...GRANTED_SOURCES, ...found];
}

/** Labels to choose from, in their order. */
const MOST_LABELS = 200;

/** The labels that members have, and what is asked for. */
async function offeredLabels(db: WallTransaction, asked: string | undefined): Promise<string[]> {
  const rows = await db.accountLabel.findMany({
    ...{ distinct: ['label'], orderBy: { label: 'asc' }, take: MOST_LABELS },
    select: { label: true },
  });
  const found = rows.map(({ label }) => label);
  return asked === undefined || found.includes(asked) ? found : [asked, ...found];
}

interface Context {
  readonly parts: AdminParts;
  readonly language: Language;
}

/** `/admin/members`: who there is, found by anything known of them; and the same as a table to take along. */
export function memberListRoutes(parts: AdminParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/members')
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/admin/members/export')
    .post(staffOnly(language, ['admin']), formBody, (req, res) => sendTable(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function show({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const path = `${prefix}/admin/members`;
  const { done: _done, ...query } = req.query;
  const asked = parseMemberQuery(query);
  const place = readPlace(asked);
  const read = await readList({ parts, language }, asked, place);
  const more = read.rows.length > ON_A_PAGE;
  const rows = place?.way === 'before' ? read.rows.slice(more ? 1 : 0) : read.rows.slice(0, ON_A_PAGE);
  const { after: _after, before: _before, ...filtered } = asked;
  const hidden = Object.entries(filtered).flatMap(([name, value]) =>
    value === undefined || name === 'order' ? [] : [{ name, value }],
  );
  const page: MembersPage = {
    frame: adminFrame(language, req, res, 'members', say('admin.members.heading')),
    filter: filterForm(language, parts.site.languages, read.tiers, read.sources, read.labels, filtered, read.wrong),
    count:
      read.count > MOST_COUNTED
        ? say('admin.members.many', { most: language.number(MOST_COUNTED) })
        : say('admin.members.count', { n: read.count }),
    members: rows.map((row) => memberLine(language, read.tiers, row)),
    steps: stepsOf(path, asked, read.order, place, rows, more),
    exports:
      staffOf(res).role !== 'admin' || rows.length === 0
        ? null
        : { action: `${path}/export`, label: say('admin.members.export'), hidden },
  };
  await renderAdmin(parts.site, language, req, res, 'members', '/admin/members', page);
}

const readList = (
  { parts: { wall, clock }, language }: Context,
  asked: MemberQuery,
  place: ReturnType<typeof readPlace>,
) =>
  wall.read(accountsViewer, async (db) => {
    const now = clock.now();
    const tiers = await nameTiers(db, language);
    const { filter, order, wrong: errors } = validateMemberQuery(asked, tiers, language.zone);
    // One more than is shown says whether there is another page.
    const rows = await listMembers(db, filter, order, place, ON_A_PAGE + 1, now);
    const sources = await offeredSources(db, filter.source);
    const labels = await offeredLabels(db, filter.label);
    return {
      tiers,
      sources,
      labels,
      order,
      wrong: errors,
      rows,
      count: await countMembers(db, filter, MOST_COUNTED + 1, now),
    };
  });

async function sendTable({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const { wall } = parts;
  const asked = parseMemberQuery(req.body);
  const tiers = await wall.read(accountsViewer, (db) => nameTiers(db, language));
  const { filter } = validateMemberQuery(asked, tiers, language.zone);
  await exportTable(parts, req, res, {
    name: 'members',
    asked,
    columns: MEMBER_COLUMNS,
    batches: (now) => memberBatches(wall, filter, tiers, now),
  });
}

import { Router } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import type { Wall } from '../../stores/postgres/wall';
import { exportTable } from '../export-table';
import { selectField, inputField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { AuditPage } from '../page-types';
import type { AdminParts } from '../parts';
import { staffOnly } from '../staff';
import { AUDIT_ACTIONS } from './actions';
import { parseAuditFilter, readPlace, whereOf, writePlace, type AuditFilter } from './filter';
import { listEntries, type Entry } from './queries';
import { auditLine, formatAction } from './format';

const ON_A_PAGE = 50;
const BATCH = 1_000;
const COLUMNS = [
  'at',
  'actor',
  'actor_id',
  'action',
  'target_kind',
  'target_id',
  'target',
  'before',
  'after',
  'reason',
  'from',
  'request_id',
] as const;

/**
 * `/admin/audit`: who did what, to whom, when, from where, and what it was before and after. Nobody changes it, here or
 * elsewhere.
 */
export function auditRoutes(parts: AdminParts, language: Language): Router {
  const { site, wall } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const path = `${prefix}/admin/audit`;
  const adminsOnly = staffOnly(language, ['admin']);

  router
    .route('/admin/audit')
    .all(adminsOnly)
    .get(async (req, res) => {
      const query = parseAuditFilter(req.query);
      const { where, wrong: errors } = whereOf(query, language.zone);
      const given = query.after ?? query.before;
      const place =
        given === undefined
          ? null
          : { way: query.after === undefined ? ('before' as const) : ('after' as const), ...readPlace(given) };
      const read = await wall.read(accountsViewer, (db) => listEntries(db, where, place, ON_A_PAGE + 1));
      const more = read.length > ON_A_PAGE;
      const rows = place?.way === 'before' ? read.slice(more ? 1 : 0) : read.slice(0, ON_A_PAGE);
      const { after: _after, before: _before, ...filtered } = query;
      const at = (row: Entry | undefined, way: 'after' | 'before') =>
        row ? withQuery(path, { ...filtered, [way]: writePlace(row) }) : null;
      const forwards = place?.way !== 'before';
      const page: AuditPage = {
        frame: adminFrame(language, req, res, 'audit', say('admin.audit.heading')),
        filter: filterForm(language, path, filtered, errors),
        entries: rows.map((row) => auditLine(language, row, site.shape.current)),
        steps: {
          previous: (forwards ? place !== null : more) ? at(rows[0], 'before') : null,
          next: (forwards ? more : true) ? at(rows.at(-1), 'after') : null,
        },
        exports: {
          action: `${path}/export`,
          label: say('admin.audit.export'),
          hidden: Object.entries(filtered).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
        },
      };
      await renderAdmin(site, language, req, res, 'audit', '/admin/audit', page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/admin/audit/export')
    .all(adminsOnly)
    .post(formBody, async (req, res) => {
      const query = parseAuditFilter(req.body);
      await exportTable(parts, req, res, {
        name: 'audit',
        asked: query,
        columns: COLUMNS,
        batches: () => entryBatches(wall, query, language.zone),
      });
    })
    .all(onlyMethods('POST'));
  return router;
}

function filterForm(
  language: Language,
  path: string,
  query: AuditFilter,
  errors: readonly ('from' | 'to')[],
): AuditPage['filter'] {
  const { say } = language;
  const day = (name: 'from' | 'to') =>
    inputField(language, name, 'date', query[name] ?? '', {
      error: errors.includes(name) ? say('admin.wrong.day') : null,
    });
  return {
    action: path,
    fields: [
      inputField(language, 'actor', 'search', query.actor ?? ''),
      selectField(
        language,
        'action',
        query.action ?? '',
        AUDIT_ACTIONS.map((value) => ({ value, label: formatAction(language, value) })),
        { any: say('admin.any') },
      ),
      inputField(language, 'target', 'search', query.target ?? ''),
      day('from'),
      day('to'),
    ],
    all: Object.values(query).some((one) => one !== undefined) ? path : null,
  };
}

/** The entries of a filter, the newest first, each batch in a transaction of its own. */
async function* entryBatches(wall: Wall, query: AuditFilter, zone: string): AsyncGenerator<(string | Date | null)[][]> {
  const { where } = whereOf(query, zone);
  let last: Entry | undefined;
  for (;;) {
    const place = last ? { way: 'after' as const, at: last.at, id: last.id } : null;
    const rows = await wall.read(accountsViewer, (db) => listEntries(db, where, place, BATCH));
    yield rows.map(
      ({ at, actor, actorId, action, targetKind, targetId, target, before, after, reason, fromAddress, requestId }) => [
        at,
        actor,
        actorId,
        action,
        targetKind,
        targetId,
        target,
        before === null ? null : JSON.stringify(before),
        after === null ? null : JSON.stringify(after),
        reason,
        fromAddress,
        requestId,
      ],
    );
    last = rows.at(-1);
    if (rows.length < BATCH) return;
  }
}

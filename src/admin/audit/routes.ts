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
      const asked = parseAuditFilter(req.query);
      const { where, wrong } = whereOf(asked, language.zone);
      const given = asked.after ?? asked.before;
      const place =
        given === undefined
          ? null
          : { way: asked.after === undefined ? ('before' as const) : ('after' as const), ...readPlace(given) };
      const read = await wall.read(accountsViewer, (db) => listEntries(db, where, place, ON_A_PAGE + 1));
      const more = read.length > ON_A_PAGE;
      const rows = place?.way === 'before' ? read.slice(more ? 1 : 0) : read.slice(0, ON_A_PAGE);
      const { after: _after, before: _before, ...filtered } = asked;
      const at = (row: Entry | undefined, way: 'after' | 'before') =>
        row ? withQuery(path, { ...filtered, [way]: writePlace(row) }) : null;
      const forwards = place?.way !== 'before';
      const page: AuditPage = {
        frame: adminFrame(language, req, res, 'audit', say('admin.audit.heading')),
        filter: filterForm(language, path, filtered, wrong),
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
      const asked = parseAuditFilter(req.body);
      await exportTable(parts, req, res, {
        name: 'audit',
        asked,
        columns: COLUMNS,
        batches: () => entryBatches(wall, asked, language.zone),
      });
    })
    .all(onlyMethods('POST'));
  return router;
}

function filterForm(
  language: Language,
  path: string,
  asked: AuditFilter,
  wrong: readonly ('from' | 'to')[],
): AuditPage['filter'] {
  const { say } = language;
  const day = (name: 'from' | 'to') =>
    inputField(language, name, 'date', asked[name] ?? '', {
      error: wrong.includes(name) ? say('admin.wrong.day') : null,
    });
  return {
    action: path,
    fields: [
      inputField(language, 'actor', 'search', asked.actor ?? ''),
      selectField(
        language,
        'action',
        asked.action ?? '',
        AUDIT_ACTIONS.map((value) => ({ value, label: formatAction(language, value) })),
        { any: say('admin.any') },
      ),
      inputField(language, 'target', 'search', asked.target ?? ''),
      day('from'),
      day('to'),
    ],
    all: Object.values(asked).some((one) => one !== undefined) ? path : null,
  };
}

/** The entries of a filter, the newest first, each batch in a transaction of its own. */
async function* entryBatches(wall: Wall, asked: AuditFilter, zone: string): AsyncGenerator<(string | Date | null)[][]> {
  const { where } = whereOf(asked, zone);
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

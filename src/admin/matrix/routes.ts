import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { PASSAGE_KINDS, type PassageKind } from '../../access/kinds';
import { adminViewer, editorialViewer, accountsViewer } from '../../access/viewer';
import { tallyPublished } from '../../briefings/writing/passages';
import { toEnum } from '../../briefings/vocabulary';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { loadMatrix } from '../../membership/matrix';
import { countByRank } from '../../membership/members';
import { writeAudit } from '../../stores/postgres/audit';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { inputField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { submissionIn, versionOf, LONGEST_REASON, type Submission, textsOf } from '../submission';
import { actorOf, staffOf, staffOnly } from '../staff';
import { nameTiers } from '../tier-names';
import type { TierParts } from '../tiers/parts';
import { changedKinds, previewEffect, type Choices, type MatrixEffect } from './effect';
import { effectPage, matrixPage } from './page';
import type { MatrixChangePage, MatrixPage } from './page-types';

const AUDIT_ACTION = 'matrix-changed';

interface State {
  readonly status?: number;
  readonly error?: string;
  readonly reasonError?: string;
  readonly openError?: string;
}

/**
 * `/admin/matrix`: which kind of passage opens for which tier. A change is shown first, with every passage and member
 * it
 * concerns, and then made with its audit entry, in one transaction. What would become public is said apart, and must be
 * ticked besides.
 */
export function matrixRoutes({ site, wall, invalidatingWall, clock, log }: TierParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const path = `${prefix}/admin/matrix`;
  const adminsOnly = staffOnly(language, ['admin']);

  /** The matrix and what it concerns, in one snapshot; behind the wall as the desk, which reads them all. */
  const load = async (db: WallTransaction) => ({
    matrix: await loadMatrix(db),
    tiers: await nameTiers(db, language),
    tallies: await tallyPublished(db, PASSAGE_KINDS),
    now: await momentOf(db),
  });
  type Known = Awaited<ReturnType<typeof load>>;

  /** What was chosen, where it is a tier; the others stay as they are. */
  const understand = ({ matrix }: Known, asked: Submission) => {
    const given = Object.fromEntries(PASSAGE_KINDS.map((kind) => [kind, asked[kind] ?? matrix.opens[kind]])) as Record<
      PassageKind,
      string
    >;
    const wrong = PASSAGE_KINDS.filter((kind) => !matrix.tiers.some(({ slug }) => slug === given[kind]));
    return {
      wrong,
      choices: Object.fromEntries(
        PASSAGE_KINDS.map((kind) => [kind, wrong.includes(kind) ? matrix.opens[kind] : given[kind]]),
      ) as Choices,
    };
  };

  const prepare = async (known: Known, choices: Choices): Promise<MatrixEffect> => {
    const now = clock.now();
    return previewEffect(
      known.matrix,
      choices,
      known.tallies,
      await wall.read(accountsViewer, (db) => countByRank(db, now)),
      known.now,
    );
  };

  const showMatrix = async (
    req: Request,
    res: Response,
    known: Known,
    asked: Submission,
    { status = 200, error }: State = {},
  ) => {
    const { choices, wrong } = understand(known, asked);
    const page: MatrixPage = {
      frame: adminFrame(language, req, res, 'matrix', say('admin.matrix.heading')),
      ...matrixPage(language, known, choices, {
        wrong: status === 200 ? [] : wrong,
        error: error === undefined ? null : say(error),
      }),
    };
    await renderAdmin(site, language, req, res, 'matrix', '/admin/matrix', page, status);
  };

  const showChange = async (
    req: Request,
    res: Response,
    known: Known,
    asked: Submission,
    { status = 200, error, reasonError, openError }: State = {},
  ) => {
    const { choices, wrong } = understand(known, asked);
    if (wrong.length > 0) return showMatrix(req, res, known, asked, { status: 422 });
    if (changedKinds(known.matrix, choices).length === 0)
      return showMatrix(req, res, known, asked, { status: 422, error: error ?? 'admin.matrix.nothing' });
    const effect = await prepare(known, choices);
    const page: MatrixChangePage = {
      frame: adminFrame(language, req, res, 'matrix', say('admin.matrix.change.heading')),
      ...effectPage(language, known.tiers, choices, effect, {
        ticked: asked['public'] === 'yes' && error === undefined,
        error: openError === undefined ? null : say(openError),
      }),
      error: error === undefined ? null : say(error),
      sure: {
        action: `${path}/change`,
        reason: inputField(language, 'reason', 'long', asked['reason'] ?? '', {
          hint: say('admin.matrix.reason.hint'),
          error: reasonError === undefined ? null : say(reasonError),
        }),
        hidden: [
          ...Object.entries(choices).map(([name, value]) => ({ name, value })),
          { name: 'once', value: randomUUID() },
          { name: 'seen', value: seenOf(known, effect) },
        ],
        submit: say(effect.madePublic.length > 0 ? 'admin.matrix.submit.public' : 'admin.matrix.submit'),
        grave: effect.madePublic.length > 0,
      },
    };
    await renderAdmin(site, language, req, res, 'matrix-change', '/admin/matrix/change', page, status);
  };

  router
    .route('/admin/matrix')
    .all(adminsOnly)
    .get(async (req, res) => {
      const { done: _done, ...asked } = textsOf(req.query);
      await showMatrix(req, res, await wall.read(editorialViewer, load), asked);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/admin/matrix/change')
    .all(adminsOnly)
    .get(async (req, res) => {
      const asked = textsOf(req.query);
      await showChange(req, res, await wall.read(editorialViewer, load), asked);
    })
    .post(formBody, async (req, res) => {
      const { asked, once } = submissionIn(req);
      const staff = staffOf(res);
      const done = () => res.redirect(303, withQuery(path, { done: AUDIT_ACTION }));
      const wasDone = () =>
        wall.read(accountsViewer, (db) =>
          db.auditEntry.findFirst({
            where: { id: once, actorId: staff.id, action: AUDIT_ACTION },
            select: { id: true },
          }),
        );
      if (await wasDone()) return done();
      const known = await wall.read(editorialViewer, load);
      const { choices, wrong } = understand(known, asked);
      // The same form may have been carried out since it was looked for: then what it asks for stands already.
      if (wrong.length > 0 || changedKinds(known.matrix, choices).length === 0) {
        if (await wasDone()) return done();
        return showChange(req, res, known, asked, { error: 'admin.matrix.nothing' });
      }
      const effect = await prepare(known, choices);
      const reason = (asked['reason'] ?? '').trim();
      if (asked['seen'] !== seenOf(known, effect)) {
        if (await wasDone()) return done();
        return showChange(req, res, known, asked, { status: 409, error: 'admin.matrix.changed' });
      }
      const wrongReason =
        reason === ''
          ? { reasonError: 'admin.wrong.reason.missing' }
          : [...reason].length > LONGEST_REASON
            ? { reasonError: 'admin.wrong.reason.long' }
            : {};
      const wrongOpen =
        effect.madePublic.length > 0 && asked['public'] !== 'yes' ? { openError: 'admin.matrix.public.missing' } : {};
      if ('reasonError' in wrongReason || 'openError' in wrongOpen)
        return showChange(req, res, known, asked, { status: 422, ...wrongReason, ...wrongOpen });

      const by = await actorOf(wall, req, res);
      const outcome = await invalidatingWall.write(adminViewer, async (db) => {
        // Two who change the matrix come one after the other, and the second is asked again.
        await db.$queryRaw`SELECT 1 FROM gates ORDER BY kind FOR UPDATE`;
        const fresh = await load(db);
        const kinds = changedKinds(fresh.matrix, choices);
        if (
          kinds.length === 0 ||
          asked['seen'] !== seenOf(fresh, previewEffect(fresh.matrix, choices, fresh.tallies, new Map(), fresh.now))
        )
          return 'changed';
        const told = await writeAudit(db, {
          ...by,
          id: once,
          at: clock.now(),
          action: AUDIT_ACTION,
          reason,
          target: { kind: 'matrix', id: 'matrix', name: 'gate matrix' },
          before: Object.fromEntries(kinds.map((kind) => [`opens-${kind}`, fresh.matrix.opens[kind]])),
          after: { ...Object.fromEntries(kinds.map((kind) => [`opens-${kind}`, choices[kind]])), ...countsOf(effect) },
        });
        if (!told) return 'told';
        for (const kind of kinds)
          await db.gate.update({
            where: { kind: toEnum(kind) },
            data: { tierSlug: choices[kind] },
            select: { kind: true },
          });
        return 'done';
      });
      if (outcome !== 'done' && !(await wasDone())) {
        if (outcome === 'told') throw new Failure(400, 'the form was used for something else');
        return showChange(req, res, await wall.read(editorialViewer, load), asked, {
          status: 409,
          error: 'admin.matrix.changed',
        });
      }
      log.info(
        { action: AUDIT_ACTION, actor: staff.id, request: by.from.requestId },
        'an admin changed the gate matrix',
      );
      done();
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** What the one who decides has seen: members come and go each minute, so they are said and not held against. */
function seenOf({ matrix }: { readonly matrix: unknown }, { shifts, stays }: MatrixEffect): string {
  return versionOf([matrix, shifts.map(({ members: _members, ...shift }) => shift), stays]);
}

/** For the audit log: how much was opened and closed. */
function countsOf({ shifts, madePublic }: MatrixEffect): Record<string, string | number | boolean> {
  const sum = (opens: boolean) =>
    shifts.filter((shift) => shift.opens === opens).reduce((all, { passages }) => all + passages, 0);
  return {
    'passages-opened': sum(true),
    'passages-closed': sum(false),
    ...(madePublic.length > 0 ? { 'made-public': madePublic.join(', ') } : {}),
  };
}

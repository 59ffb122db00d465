import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { isLastAdmin } from '../../accounts/last-admin';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { writeAudit } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import { inputField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import type { AdminParts } from '../parts';
import { submissionIn, versionOf, LONGEST_REASON, memberIn, type Submission, textsOf } from '../submission';
import { actorOf, staffOf, staffOnly, type Staff } from '../staff';
import { nameTiers } from '../tier-names';
import type { MemberAction, Prepared } from './actions/action';
import { readMember, type MemberRead } from './member';
import { describeCharges } from './running';

interface State {
  readonly status?: number;
  /** The key of what is wrong with the whole of it. */
  readonly error?: string;
  readonly reasonError?: string;
  readonly refused?: string;
}

/**
 * Asks before an action, saying exactly what will happen, and carries it out when it is meant: with its audit entry, in
 * one transaction. Sent twice it is done once; and what has changed since it was asked is shown again instead of done.
 */
export function actionRoutes(parts: AdminParts, action: MemberAction, language: Language): Router {
  const { site, wall, clock, changed, beforeDeletion } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const key = `admin.action.${action.name}`;

  const load = async (db: WallTransaction, id: string, staff: Staff, asked: Submission, now: Date) => {
    const tiers = await nameTiers(db, language);
    const member = await readMember(db, id, tiers, now);
    if (!member) throw notFound('a member');
    const prepared: Prepared =
      member.id === staff.id
        ? { is: 'refused', why: say('admin.refused.self') }
        : action.prepare({ member, tiers, now, language, asked });
    return { member, prepared };
  };

  const show = async (
    req: Request,
    res: Response,
    member: MemberRead,
    prepared: Prepared,
    asked: Submission,
    { status = 200, error, reasonError, refused }: State = {},
  ) => {
    const at = `${prefix}/admin/members/${member.id}`;
    const grant = asked['grant'] === undefined ? [] : [{ name: 'grant', value: asked['grant'] }];
    const why = refused ?? (prepared.is === 'refused' ? prepared.why : null);
    const ready = prepared.is === 'ready' && why === null ? prepared : null;
    const deletes = action.name === 'delete';
    const tiers = await wall.read(accountsViewer, (db) => nameTiers(db, language));
    const page: ActionPage = {
      frame: adminFrame(language, req, res, 'members', say(`${key}.heading`)),
      back: { label: say('admin.action.back', { name: member.name }), href: at },
      who: { name: member.name, email: member.email },
      text: say(`${key}.text`),
      refused: why,
      error: error === undefined ? null : say(error),
      choice:
        prepared.is === 'open'
          ? {
              action: `${at}/${action.name}`,
              fields: prepared.fields,
              hidden: grant,
              submit: say('admin.action.continue'),
            }
          : null,
      changes: ready?.changes ?? [],
      happens: ready?.happens ?? [],
      charges:
        ready && action.charged ? await describeCharges(parts, language, staffOf(res), member, tiers, deletes) : [],
      sure: ready && {
        action: `${at}/${action.name}`,
        fields: [
          inputField(
            language,
            action.reasoned ? 'reason' : 'remark',
            'long',
            asked[action.reasoned ? 'reason' : 'remark'] ?? '',
            { hint: say('admin.field.reason.hint'), error: reasonError === undefined ? null : say(reasonError) },
          ),
        ],
        hidden: [
          ...Object.entries(ready.chosen).map(([name, value]) => ({ name, value })),
          { name: 'once', value: randomUUID() },
          { name: 'seen', value: seenOf(member) },
        ],
        submit: say(`${key}.submit`),
        grave: action.grave,
      },
    };
    await renderAdmin(
      site,
      language,
      req,
      res,
      'action',
      `/admin/members/${member.id}/${action.name}`,
      page,
      prepared.is === 'open' && prepared.fields.some((field) => field.error !== null) ? 422 : status,
    );
  };

  router
    .route(`/admin/members/:id/${action.name}`)
    .all(staffOnly(language, action.roles))
    .get(async (req, res) => {
      const id = memberIn(req);
      const asked = textsOf(req.query);
      const { member, prepared } = await wall.read(accountsViewer, (db) =>
        load(db, id, staffOf(res), asked, clock.now()),
      );
      await show(req, res, member, prepared, asked);
    })
    .post(formBody, async (req, res) => {
      const id = memberIn(req);
      const { asked, once } = submissionIn(req);
      const staff = staffOf(res);
      const now = clock.now();
      const reason = (asked['reason'] ?? asked['remark'] ?? '').trim();
      const by = await actorOf(wall, req, res);
      const done = () =>
        res.redirect(
          303,
          withQuery(action.name === 'delete' ? `${prefix}/admin/members` : `${prefix}/admin/members/${id}`, {
            done: action.name,
          }),
        );
      const wasDone = (db: WallTransaction) =>
        db.auditEntry.findFirst({
          where: { id: once, actorId: staff.id, action: action.name, targetId: id },
          select: { id: true },
        });

      // First as it stands, so that nothing outside is touched for a form that will not do.
      const before = await wall.read(accountsViewer, async (db) =>
        (await wasDone(db)) ? null : load(db, id, staff, asked, now),
      );
      if (before === null) return done();
      const { member, prepared } = before;
      if (prepared.is !== 'ready')
        return show(req, res, member, prepared, asked, { status: prepared.is === 'refused' ? 409 : 422 });
      if (action.reasoned && reason === '')
        return show(req, res, member, prepared, asked, { status: 422, reasonError: 'admin.wrong.reason.missing' });
      if ([...reason].length > LONGEST_REASON)
        return show(req, res, member, prepared, asked, { status: 422, reasonError: 'admin.wrong.reason.long' });
      if (asked['seen'] !== seenOf(member))
        return show(req, res, member, prepared, asked, { status: 409, error: 'admin.wrong.changed' });
      let leaveAgain: (() => Promise<void>) | null = null;
      if (action.name === 'delete') {
        leaveAgain = await beforeDeletion(id).catch((error: unknown) => {
          parts.log.error({ err: error }, 'an account could not be deleted: what is paid for it could not be ended');
          return null;
        });
        if (!leaveAgain)
          return show(req, res, member, prepared, asked, { status: 503, refused: say('admin.refused.unpaid') });
      }

      const outcome = await wall
        .write(accountsViewer, async (db) => {
          // Two who act on one member come one after the other.
          await db.$queryRaw`SELECT 1 FROM accounts WHERE id = ${id}::uuid FOR UPDATE`;
          if (await wasDone(db)) return 'done';
          const fresh = await load(db, id, staff, asked, now);
          // What ended before a deletion has taken its grants along: nothing is left to be decided anew.
          const isAsSeen = leaveAgain !== null || asked['seen'] === seenOf(fresh.member);
          if (fresh.prepared.is !== 'ready' || !isAsSeen) return 'changed';
          const told = await writeAudit(db, {
            ...by,
            id: once,
            at: now,
            action: action.name,
            reason: reason === '' ? null : reason,
            target: { kind: 'account', id, name: fresh.member.email },
            before: fresh.prepared.before,
            after: fresh.prepared.after,
          });
          if (!told) throw new Failure(400, 'the form was used for something else');
          await fresh.prepared.act(db, reason === '' ? null : reason);
          return 'done';
        })
        .catch((error: unknown) => {
          if (isLastAdmin(error)) return 'last admin';
          throw error;
        });
      if (outcome === 'last admin')
        return show(req, res, member, prepared, asked, { status: 409, refused: say('admin.refused.last-admin') });
      if (outcome === 'changed') {
        const again = await wall.read(accountsViewer, (db) => load(db, id, staff, asked, now));
        return show(req, res, again.member, again.prepared, asked, { status: 409, error: 'admin.wrong.changed' });
      }
      changed(id);
      await leaveAgain?.().catch((error: unknown) =>
        parts.log.error(
          { err: error },
          'an account is deleted, and what was begun meanwhile to be paid for it could not be ended',
        ),
      );
      parts.log.info(
        { action: action.name, actor: staff.id, target: id, request: by.from.requestId },
        'an admin acted on a member',
      );
      done();
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** What the one who decides has seen: where it is another by now, they decide again. */
function seenOf({ role, state, verifiedAt, grants, email }: MemberRead): string {
  const rights = grants.map(({ id, until, revokedAt }) => [id, until, revokedAt]).sort();
  return versionOf([role, state, verifiedAt, email, rights]);
}

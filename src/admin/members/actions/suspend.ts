import { revokeOtherCredentials } from '../../../accounts/credentials/revoke-credentials';
import { onMember, refused } from './action';
import { previewAccess } from './preview-access';

/** Shuts an account: no login, no reading, no token, until it is opened again. */
export const suspend = onMember({
  name: 'suspend',
  charged: true,
  grave: true,
  offered: ({ state }) => state === 'active',
  prepare: (context) => {
    const {
      language: { say },
      member,
      now,
    } = context;
    if (member.state === 'suspended') return refused(say('admin.refused.suspend'));
    const { changes, before, after } = previewAccess(context, { state: 'suspended' });
    return {
      is: 'ready',
      chosen: {},
      changes: [
        { what: say('admin.fact.state'), before: say('admin.status.active'), after: say('admin.status.suspended') },
        ...changes,
      ],
      happens: [say('admin.happens.suspend'), say('admin.happens.ways-in')],
      before: { ...before, state: 'active' },
      after: { ...after, state: 'suspended' },
      act: async (db) => {
        await db.account.update({ where: { id: member.id }, data: { state: 'suspended' }, select: { id: true } });
        await revokeOtherCredentials(db, member.id, null, now);
      },
    };
  },
});

/** Opens it again; what was granted counts again, as far as it has not ended. */
export const unsuspend = onMember({
  name: 'unsuspend',
  charged: true,
  offered: ({ state }) => state === 'suspended',
  prepare: (context) => {
    const {
      language: { say },
      member,
    } = context;
    if (member.state === 'active') return refused(say('admin.refused.unsuspend'));
    const { changes, before, after } = previewAccess(context, { state: 'active' });
    return {
      is: 'ready',
      chosen: {},
      changes: [
        { what: say('admin.fact.state'), before: say('admin.status.suspended'), after: say('admin.status.active') },
        ...changes,
      ],
      happens: [say('admin.happens.unsuspend')],
      before: { ...before, state: 'suspended' },
      after: { ...after, state: 'active' },
      act: async (db) => {
        await db.account.update({ where: { id: member.id }, data: { state: 'active' }, select: { id: true } });
      },
    };
  },
});

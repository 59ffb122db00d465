import { deleteAccount } from '../../../accounts/actions/delete-account';
import { onMember, refused } from './action';

/** Deletes the account as its owner could: at once, with everything that hangs on it. */
export const deletion = onMember({
  name: 'delete',
  charged: true,
  grave: true,
  prepare: ({ language: { say }, member }) => {
    // What somebody began is handed on first, by taking their role.
    if (member.handover.begun.length > 0) return refused(say('admin.refused.owns'));
    return {
      is: 'ready',
      chosen: {},
      changes: [],
      happens: [
        ...['profile', 'access', 'sessions', 'letters'].map((part) => say(`admin.happens.delete.${part}`)),
        say('admin.happens.delete.payment'),
        say('admin.happens.delete.subscription'),
      ],
      before: {
        name: member.name,
        role: member.role,
        state: member.state,
        rank: member.standing.rank,
        tier: member.standing.tier,
      },
      after: null,
      act: (db) => deleteAccount(db, member.id),
    };
  },
});

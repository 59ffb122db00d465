import { endLogins } from '../../../accounts/credentials/revoke-credentials';
import { onMember, refused } from './action';

/** Ends every login there is; whoever knows the password can log in again. */
export const endSessions = onMember({
  name: 'end-sessions',
  reasoned: false,
  offered: ({ logins }) => logins.length > 0,
  prepare: ({ language: { say }, member, now }) =>
    member.logins.length === 0
      ? refused(say('admin.refused.sessions'))
      : {
          is: 'ready',
          chosen: {},
          changes: [],
          happens: [say('admin.happens.end-sessions', { n: member.logins.length })],
          before: { sessions: member.logins.length },
          after: { sessions: 0 },
          act: (db) => endLogins(db, member.id, null, now),
        },
});

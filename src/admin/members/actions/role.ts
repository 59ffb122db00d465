import { ACCOUNT_ROLES } from '../../../access/account-access';
import { revokeOtherCredentials } from '../../../accounts/credentials/revoke-credentials';
import { selectField } from '../../fields';
import { onMember, refused } from './action';
import { previewAccess } from './preview-access';

/** Gives another role. It is in force once the account has a second factor. */
export const role = onMember({
  name: 'role',
  charged: true,
  grave: true,
  prepare: (asked) => {
    const {
      language,
      member,
      now,
      asked: { role: given },
    } = asked;
    const { say } = language;
    const to = ACCOUNT_ROLES.find((one) => one === given);
    if (to === undefined) {
      const others = ACCOUNT_ROLES.filter((one) => one !== member.role).map((value) => ({
        value,
        label: say(`admin.role.${value}`),
      }));
      return {
        is: 'open',
        fields: [
          selectField(language, 'role', given ?? '', others, {
            error: given === undefined ? null : say('admin.wrong.role'),
          }),
        ],
      };
    }
    if (to === member.role) return refused(say('admin.refused.role'));
    // Whoever joined with an address they never confirmed may be anybody.
    if (to !== 'reader' && member.verifiedAt === null) return refused(say('admin.refused.unconfirmed'));
    const hasFactor = member.totpConfirmedAt !== null || member.passkeys.length > 0;
    const { changes, before, after } = previewAccess(asked, { role: hasFactor ? to : 'reader' });
    return {
      is: 'ready',
      chosen: { role: to },
      changes: [
        { what: say('admin.fact.role'), before: say(`admin.role.${member.role}`), after: say(`admin.role.${to}`) },
        ...changes,
      ],
      happens: [
        say(`admin.happens.role.${to}`),
        ...(to === 'reader' || hasFactor ? [] : [say('admin.happens.factor')]),
        say('admin.happens.ways-in'),
      ],
      before: { ...before, role: member.role },
      after: { ...after, role: to },
      act: async (db) => {
        await db.account.update({ where: { id: member.id }, data: { role: to }, select: { id: true } });
        await revokeOtherCredentials(db, member.id, null, now);
      },
    };
  },
});

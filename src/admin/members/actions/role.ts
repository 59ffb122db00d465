import { ACCOUNT_ROLES, worksAtDesk, type AccountRole } from '../../../access/account-access';
import { endEveryWayIn } from '../../../accounts/credentials/take-over';
import { revokeOtherCredentials } from '../../../accounts/credentials/revoke-credentials';
import type { Language } from '../../../lib/language';
import { selectField } from '../../fields';
import type { AdminField } from '../../page-types';
import { handOn } from '../../../accounts/handover';
import { onMember, refused, type ActionContext, type Prepared } from './action';
import { previewAccess } from './preview-access';

/**
 * Gives another role. It is in force once the account has a second factor. Who leaves the desk hands on what they
 * began; who leaves the staff loses every way in besides (docs/decisions/0051-leaving-hands-on.md).
 */
export const role = onMember({
  name: 'role',
  charged: true,
  grave: true,
  prepare: (context) => {
    const { language, member, asked } = context;
    const to = ACCOUNT_ROLES.find((one) => one === asked['role']);
    if (to === undefined) return { is: 'open', fields: [roleField(context)] };
    if (to === member.role) return refused(language.say('admin.refused.role'));
    // Whoever joined with an address they never confirmed may be anybody.
    if (to !== 'reader' && member.verifiedAt === null) return refused(language.say('admin.refused.unconfirmed'));
    const owns = worksAtDesk(member.role) && !worksAtDesk(to) && member.handover.begun.length > 0;
    if (!owns) return ready(context, to, null);
    if (member.handover.colleagues.length === 0) return refused(language.say('admin.refused.heir'));
    const heir = member.handover.colleagues.find(({ id }) => id === asked['heir']);
    return heir ? ready(context, to, heir) : { is: 'open', fields: [roleField(context), heirField(context)] };
  },
});

function roleField({ language, member, asked: { role: given } }: ActionContext): AdminField {
  const { say } = language;
  const others = ACCOUNT_ROLES.filter((one) => one !== member.role).map((value) => ({
    value,
    label: say(`admin.role.${value}`),
  }));
  const known = given === undefined || others.some(({ value }) => value === given);
  return selectField(language, 'role', given ?? '', others, { error: known ? null : say('admin.wrong.role') });
}

/** Asks to whom what was begun goes, and says how much it is. */
function heirField({ language, member, asked: { heir } }: ActionContext): AdminField {
  const { say } = language;
  const options = member.handover.colleagues.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }));
  const error = heir === undefined || heir === '' ? null : say('admin.wrong.heir');
  return {
    ...selectField(language, 'heir', heir ?? '', options, { any: say('admin.invite.choose'), error }),
    hint: say('admin.field.heir.hint', { begun: sayBegun(language, member.handover.begun) }),
  };
}

/** What somebody began, in words: `2 drafts, 1 in review`. */
const sayBegun = ({ say }: Language, begun: ActionContext['member']['handover']['begun']): string =>
  begun.map(({ state, n }) => say(`admin.begun.${state}`, { n })).join(', ');

type Heir = ActionContext['member']['handover']['colleagues'][number];

function ready(context: ActionContext, to: AccountRole, heir: Heir | null): Prepared {
  const { language, member, now } = context;
  const { say } = language;
  const { begun, invitations } = member.handover;
  const hasFactor = member.totpConfirmedAt !== null || member.passkeys.length > 0;
  const { changes, before, after } = previewAccess(context, { role: hasFactor ? to : 'reader' });
  const leaves = to === 'reader';
  return {
    is: 'ready',
    chosen: { role: to, ...(heir === null ? {} : { heir: heir.id }) },
    changes: [
      { what: say('admin.fact.role'), before: say(`admin.role.${member.role}`), after: say(`admin.role.${to}`) },
      ...changes,
    ],
    happens: [
      say(`admin.happens.role.${to}`),
      ...(heir === null
        ? []
        : [say('admin.happens.handed-on', { begun: sayBegun(language, begun), name: heir.name, email: heir.email })]),
      ...(member.role === 'admin' && invitations > 0 ? [say('admin.happens.invitations', { n: invitations })] : []),
      ...(leaves || hasFactor ? [] : [say('admin.happens.factor')]),
      say(leaves ? 'admin.happens.leaves' : 'admin.happens.ways-in'),
    ],
    before: { ...before, role: member.role },
    after: { ...after, role: to, ...(heir === null ? {} : { 'handed-on-to': heir.email }) },
    act: async (db) => {
      if (heir !== null) await handOn(db, member.id, heir.id);
      await db.account.update({ where: { id: member.id }, data: { role: to }, select: { id: true } });
      if (leaves) await endEveryWayIn(db, member.id, now);
      else await revokeOtherCredentials(db, member.id, null, now);
    },
  };
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { STAFF_ROLES, type StaffRole } from '../../access/invitations';
import type { LetterKinds } from '../../lib/letter';
import { writeLetter } from '../../stores/postgres/outbox';
import type { WallTransaction } from '../../stores/postgres/wall';

const data = z.strictObject({ token: z.string().regex(/^[\w-]{43}$/), role: z.string() });

/** The letter that invites somebody to work here. It is emptied once sent, so its data may be gone. */
export const invitationLetterKinds = {
  invitation: {
    data: data.partial(),
    opens: ({ token }) => `/invitation?token=${token ?? ''}`,
    words: ({ role }, language) => ({
      role: STAFF_ROLES.some((one) => one === role) ? language.say(`letter.invitation.role.${role}`) : '',
    }),
  },
} as const satisfies LetterKinds;

/** Writes that letter in the registrar's transaction; the address need not have an account. */
export const writeInvitationLetter = (
  db: WallTransaction,
  { email, role, lang }: { readonly email: string; readonly role: StaffRole; readonly lang: string },
  token: string,
): Promise<void> =>
  writeLetter(db, {
    key: `invitation ${randomUUID()}`,
    ...{ kind: 'invitation', lang, recipient: email, accountId: null },
    data: { token, role },
  });

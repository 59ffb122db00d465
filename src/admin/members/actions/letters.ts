import { askReset } from '../../../accounts/actions/ask-reset';
import { askVerification } from '../../../accounts/actions/ask-verification';
import { liftMailBlock } from '../../../accounts/mail-blocks';
import { onMember, refused } from './action';

/** Sends the letter that leads to a new password. */
export const resetLetter = onMember({
  name: 'reset-letter',
  reasoned: false,
  offered: ({ state }) => state === 'active',
  prepare: ({ language: { say }, member, now }) =>
    member.state !== 'active'
      ? refused(say('admin.refused.suspended'))
      : {
          is: 'ready',
          chosen: {},
          changes: [],
          before: null,
          after: null,
          happens: [say('admin.happens.letter', { email: member.email }), say('admin.happens.reset-letter')],
          act: (db) => askReset(db, member.email, now),
        },
});

/** Sends the letter that confirms the address once more. */
export const verificationLetter = onMember({
  name: 'verification-letter',
  reasoned: false,
  offered: ({ verifiedAt }) => verifiedAt === null,
  prepare: ({ language: { say }, member, now }) =>
    member.verifiedAt !== null
      ? refused(say('admin.refused.verified'))
      : {
          is: 'ready',
          chosen: {},
          changes: [],
          before: null,
          after: null,
          happens: [say('admin.happens.letter', { email: member.email }), say('admin.happens.verification-letter')],
          act: (db) => askVerification(db, member.id, now),
        },
});

/** Lets letters to many go to the member's address again. */
export const liftBlock = onMember({
  name: 'lift-mail-block',
  offered: ({ block }) => block !== null,
  prepare: ({ language: { say }, member: { block, email }, now }) =>
    block === null
      ? refused(say('admin.refused.mail-block'))
      : {
          is: 'ready',
          chosen: {},
          changes: [],
          before: { block: block.kind },
          after: { block: null },
          happens: [say('admin.happens.lift-mail-block')],
          act: (db) => liftMailBlock(db, email, now),
        },
});

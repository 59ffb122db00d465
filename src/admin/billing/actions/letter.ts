import { billingLetterKinds, type BillingLetter } from '../../../billing/letters';
import { dataOf, keyOf, letterAboutRefund, lettersAbout } from '../../../billing/sync/notify';
import type { LetterKind } from '../../../lib/letter';
import { writeLetter } from '../../../stores/postgres/outbox';
import { selectField } from '../../fields';
import { refused, type BillingAction, type BillingCase } from './action';

interface Draft {
  readonly key: string;
  readonly kind: BillingLetter;
  readonly data: Readonly<Record<string, string>>;
  readonly customer: string;
}

/** Sends a letter about the payments once more: as things stand now, and not as they stood. */
export const letter: BillingAction = {
  name: 'letter',
  reasoned: false,
  grave: false,
  about: [],
  prepare: (context) => {
    const {
      language,
      member,
      site,
      asked: { letter: wanted },
    } = context;
    const { say } = language;
    const theirs = site.languages.find(member.lang) ?? site.languages.first;
    const drafts = draftsOf(context);
    if (drafts.length === 0) return refused(say('admin.billing.refused.no-letter'));
    const draft = drafts.find(({ key }) => key === wanted);
    const subject = ({ kind, data }: Draft) => {
      const { words }: LetterKind = billingLetterKinds[kind];
      return theirs.say(`letter.${kind}.subject`, words?.(data, theirs) ?? {});
    };
    if (!draft)
      return {
        is: 'open',
        fields: [
          selectField(
            language,
            'letter',
            wanted ?? '',
            drafts.map((one) => ({ value: one.key, label: subject(one) })),
            { error: wanted === undefined ? null : say('admin.wrong.letter') },
          ),
        ],
      };
    return {
      is: 'ready',
      customer: draft.customer,
      chosen: { letter: draft.key },
      changes: [],
      happens: [
        say('admin.happens.letter', { email: member.email }),
        say('admin.billing.happens.letter', { subject: subject(draft) }),
        say('admin.billing.happens.letter-now'),
      ],
      before: {},
      after: { letter: draft.key },
      restsOn: [draft.key],
      write: (db, submissionId) =>
        writeLetter(db, {
          key: `${draft.key} again ${submissionId}`,
          kind: draft.kind,
          lang: theirs.code,
          recipient: member.email,
          accountId: member.id,
          data: draft.data,
        }),
    };
  },
};

/** Every letter that what Stripe has now gives cause for, in the order of their causes. */
function draftsOf({ evaluations, member, theirTier, sync: machine, now }: BillingCase): Draft[] {
  return evaluations.flatMap(({ customer, snapshot, entitlements }) => {
    const ours = new Set(entitlements.flatMap(({ invoices }) => invoices).map(({ id }) => id));
    return [
      ...entitlements.flatMap((one) =>
        lettersAbout(
          one,
          member.grants.find(({ reference }) => reference === one.subscription.id)?.tierSlug ?? null,
          machine.graceDays,
          now,
        ),
      ),
      ...snapshot.refunds
        .filter(({ invoice }) => invoice !== null && ours.has(invoice))
        .map((one) => letterAboutRefund(one, entitlements)),
    ].map((draft) => ({ key: keyOf(draft), kind: draft.kind, data: dataOf(draft, theirTier), customer }));
  });
}

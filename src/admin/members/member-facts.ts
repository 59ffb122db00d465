import type { Language } from '../../lib/language';
import { formatMoment } from '../../accounts/own/format';
import { sayMailBlock } from '../mail-block';
import type { Known } from '../page-types';
import type { MemberRead } from './member';

const labelFact = ({ say }: Language, { labels }: MemberRead): Known[] =>
  labels.length === 0 ? [] : [{ label: say('admin.fact.labels'), text: labels.map(({ label }) => label).join(', ') }];

const blockFact = (language: Language, { block }: MemberRead): Known[] =>
  block === null ? [] : [{ label: language.say('admin.fact.mail-block'), text: sayMailBlock(language, block) }];

/** What is known of an account itself: address, state, role, ways in, ids. */
export function memberFacts(language: Language, member: MemberRead): Known[] {
  const { say } = language;
  const inForce = member.facts.role === member.role;
  return [
    { label: say('admin.fact.email'), text: member.email },
    {
      label: say('admin.fact.verified'),
      text: member.verifiedAt === null ? say('admin.status.unverified') : formatMoment(language, member.verifiedAt),
    },
    ...(member.mailRefusedAt === null || member.mailRefusal === null
      ? []
      : [
          {
            label: say('admin.fact.mail'),
            text: say(`admin.fact.mail.${member.mailRefusal}`, {
              moment: formatMoment(language, member.mailRefusedAt),
            }),
          },
        ]),
    ...blockFact(language, member),
    { label: say('admin.fact.state'), text: say(`admin.status.${member.state}`) },
    {
      label: say('admin.fact.role'),
      text: inForce
        ? say(`admin.role.${member.role}`)
        : say('admin.role.waits', { role: say(`admin.role.${member.role}`) }),
    },
    {
      label: say('admin.fact.ways-in'),
      text:
        [
          member.hasPassword ? say('admin.way.password') : '',
          member.totpConfirmedAt === null ? '' : say('admin.way.code'),
          member.passkeys.length > 0 ? say('admin.way.passkeys', { n: member.passkeys.length }) : '',
        ]
          .filter(Boolean)
          .join(', ') || say('admin.fact.none'),
    },
    {
      label: say('admin.fact.accepted'),
      text:
        member.acceptances
          .map(({ page, version, acceptedAt }) =>
            say('admin.fact.accepted.one', {
              page: `/${page.slug}`,
              version: say('page.version', { n: version }),
              moment: formatMoment(language, acceptedAt),
            }),
          )
          .join('; ') || say('admin.fact.none'),
    },
    ...labelFact(language, member),
    { label: say('admin.fact.lang'), text: language.languageName(member.lang) },
    { label: say('admin.fact.joined'), text: formatMoment(language, member.createdAt) },
    ...member.customers
      .filter(({ stripeId }) => stripeId !== null)
      .map(({ stripeId }) => ({ label: say('admin.fact.customer'), text: stripeId! })),
    { label: say('admin.fact.id'), text: member.id },
  ];
}

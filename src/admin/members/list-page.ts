import { ACCOUNT_ROLES, type GrantSource } from '../../access/account-access';
import { HIGHEST_RANK } from '../../access/viewer';
import type { Languages, Language } from '../../lib/language';
import {
  MEMBER_ORDERS,
  MEMBER_STATUSES,
  placeOf,
  type MemberOrder,
  type MemberRow,
  type Place,
} from '../../membership/members';
import { selectField, inputField, withQuery } from '../fields';
import type { FilterForm, MemberLine, Steps } from '../page-types';
import type { TierNames } from '../tier-names';
import { BY_ROLE, writePlace, type MemberQuery } from './filter';

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The form that asks for some of the members. */
export function filterForm(
  language: Language,
  languages: Languages,
  tiers: TierNames,
  sources: readonly GrantSource[],
  labels: readonly string[],
  query: MemberQuery,
  errors: readonly ('from' | 'to')[],
): FilterForm {
  const { say, prefix } = language;
  const any = say('admin.any');
  const action = `${prefix}/admin/members`;
  const day = (name: 'from' | 'to') =>
    inputField(language, name, 'date', query[name] ?? '', {
      error: errors.includes(name) ? say('admin.wrong.day') : null,
    });
  const choose = (name: 'tier' | 'source' | 'status' | 'role' | 'lang' | 'label', options: readonly Choice[]) =>
    selectField(language, name, query[name] ?? '', options, { any });
  const named = (values: readonly string[], key: string): Choice[] =>
    values.map((value) => ({ value, label: say(`${key}.${value}`) }));
  return {
    action,
    fields: [
      inputField(language, 'q', 'search', query.q ?? '', { hint: say('admin.field.q.hint') }),
      choose('tier', [
        ...tiers.all.map(({ slug, name }) => ({ value: slug, label: name })),
        { value: BY_ROLE, label: say('admin.reads.all') },
      ]),
      choose('source', named(sources, 'account.source')),
      choose('status', named(MEMBER_STATUSES, 'admin.status')),
      choose('role', named(ACCOUNT_ROLES, 'admin.role')),
      choose(
        'lang',
        languages.all.map(({ code }) => ({ value: code, label: language.languageName(code) })),
      ),
      ...(labels.length === 0
        ? []
        : [
            choose(
              'label',
              labels.map((label) => ({ value: label, label })),
            ),
          ]),
      day('from'),
      day('to'),
      selectField(language, 'order', query.order ?? 'newest', named(MEMBER_ORDERS, 'admin.order')),
    ],
    all: Object.values(query).some((one) => one !== undefined) ? action : null,
  };
}

/** One member as the list says it. */
export function memberLine(language: Language, tiers: TierNames, member: MemberRow): MemberLine {
  const { say, prefix } = language;
  const tier = tiers.all.find(({ rank }) => rank === member.rank);
  return {
    href: `${prefix}/admin/members/${member.id}`,
    name: member.name,
    email: member.email,
    reads:
      member.rank === HIGHEST_RANK
        ? { slug: null, name: say('admin.reads.all') }
        : { slug: tier?.slug ?? null, name: tier?.name ?? String(member.rank) },
    role: member.role === 'reader' ? null : say(`admin.role.${member.role}`),
    marks: [
      ...(member.state === 'suspended' ? [say('admin.status.suspended')] : []),
      ...(member.verifiedAt === null ? [say('admin.status.unverified')] : []),
      ...(member.mailRefusedAt === null && !member.mailBlocked ? [] : [say('admin.status.refused')]),
    ],
    joined: language.day(member.createdAt),
    lang: member.lang,
  };
}

/** The ways to the pages before and after this one. `more`: is there another in the direction that was asked for? */
export function stepsOf(
  path: string,
  query: MemberQuery,
  order: MemberOrder,
  place: Place | null,
  rows: readonly MemberRow[],
  more: boolean,
): Steps {
  const [first, last] = [rows[0], rows.at(-1)];
  const { after: _after, before: _before, ...rest } = query;
  const at = (row: MemberRow | undefined, way: Place['way']) =>
    row ? withQuery(path, { ...rest, [way]: writePlace(placeOf(row, order, way)) }) : null;
  const forwards = place?.way !== 'before';
  return {
    previous: (forwards ? place !== null : more) ? at(first, 'before') : null,
    next: (forwards ? more : true) ? at(last, 'after') : null,
  };
}

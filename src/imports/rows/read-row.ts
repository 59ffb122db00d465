import { emailFault, email as emailForm, name as nameForm, nameFault } from '../../accounts/forms';
import { visibleLine } from '../../lib/line';
import { lastMomentOfDay, readMoment } from './moments';
import type { Field } from '../columns';
import type { ImportOptions } from '../options';

/** Why a row is refused. */
export const REFUSALS = [
  'email-missing',
  'email-wrong',
  'name-wrong',
  'customer-wrong',
  'until-wrong',
  'until-far',
  'customer-twice',
  'customer-taken',
  'customer-other',
] as const;

/** What is said of a row that is taken. */
export const REMARKS = [
  'twice',
  'language-unknown',
  'joined-unread',
  'stripe-decides',
  'comp-over',
  'comp-without-end',
  'tier-nothing',
  'label-left',
] as const;
export type Refusal = (typeof REFUSALS)[number];
export type Remark = (typeof REMARKS)[number];

/** What a row says, understood. */
export interface MemberRow {
  readonly email: string;
  readonly name: string;
  readonly lang: string;
  /** Null: it is not said. */
  readonly joined: Date | null;
  /** What it says of a tier, in its own words; empty: nothing. */
  readonly tierValue: string;
  /** A tier that is given without payment. */
  readonly comp: { readonly tier: string; readonly until: Date } | null;
  readonly labels: readonly string[];
  /** Stripe's id of its customer. */
  readonly customer: string | null;
  readonly remarks: readonly Remark[];
}

/** What rows are read with. */
export interface RowContext {
  readonly options: ImportOptions;
  /** Codes of the languages there are. */
  readonly languages: readonly string[];
  readonly zone: string;
  readonly now: Date;
}

/** Years ahead that an end may lie. */
const LONGEST = 10 * 366 * 86_400_000;

const MOST_LABELS = 20;

/** Understands a row, or says why it cannot be taken. */
export function readRow(
  cells: readonly string[],
  context: RowContext,
): MemberRow | { readonly refused: Refusal; readonly email: string | null; readonly tierValue: string } {
  const { options, now } = context;
  const of = (field: Field): string => {
    const column = options.columns[field];
    return column === undefined ? '' : unescaped((cells[column] ?? '').trim());
  };
  const typed = of('email').replace(/^mailto:/i, '');
  const tierValue = visibleLine(of('tier')).slice(0, 100);
  const refuse = (refused: Refusal, email: string | null = null) => ({ refused, email, tierValue });
  const fault = emailFault(typed);
  if (fault !== null) return refuse(fault === 'form.wrong.email.missing' ? 'email-missing' : 'email-wrong');
  const email = emailForm.parse(typed);
  const name = nameOf(of, email);
  if (name === null) return refuse('name-wrong', email);
  const customer = of('customer');
  if (customer !== '' && !/^cus_\w{1,60}$/.test(customer)) return refuse('customer-wrong', email);
  const comp = compOf(of, tierValue, customer !== '', context);
  if ('refused' in comp) return refuse(comp.refused, email);
  const joinedValue = of('joined');
  const joined = joinedValue === '' ? null : readMoment(joinedValue);
  const { lang, known } = languageOf(of('language'), context);
  const labels = labelsOf(of('labels'));
  return {
    ...{ email, name, lang, tierValue, labels: labels.slice(0, MOST_LABELS), comp: comp.comp },
    joined: joined !== null && joined < now ? joined : null,
    customer: customer === '' ? null : customer,
    remarks: [
      ...comp.remarks,
      ...(known ? [] : (['language-unknown'] as const)),
      ...(joinedValue !== '' && joined === null ? (['joined-unread'] as const) : []),
      ...(labels.length > MOST_LABELS ? (['label-left'] as const) : []),
    ],
  };
}

/** A cell without the sign that keeps a spreadsheet from taking it for a formula. */
const unescaped = (cell: string): string => cell.replace(/^'(?=[=+\-@\t\r])/, '');

type Cell = (field: Field) => string;

/** A name as the row has it, or its parts, or what stands before the @; null: it cannot be shown. */
function nameOf(of: Cell, email: string): string | null {
  const typed = of('name') || [of('first-name'), of('last-name')].filter(Boolean).join(' ');
  if (visibleLine(typed) === '') {
    const local = nameForm.safeParse(email.slice(0, email.indexOf('@')));
    return local.success ? local.data : 'Member';
  }
  const flat = typed.replace(/\s+/g, ' ');
  return nameFault(flat) === null ? nameForm.parse(flat) : null;
}

function languageOf(
  value: string,
  { options, languages }: RowContext,
): { readonly lang: string; readonly known: boolean } {
  const wanted = value.toLowerCase().replace('_', '-');
  if (wanted === '') return { lang: options.language, known: true };
  const found =
    languages.find((code) => code.toLowerCase() === wanted) ??
    languages.find((code) => code.toLowerCase() === wanted.split('-')[0]);
  return { lang: found ?? options.language, known: found !== undefined };
}

const labelsOf = (value: string): string[] => [
  ...new Set(
    value
      .split(/[,;|]/)
      .map((label) => visibleLine(label).slice(0, 100))
      .filter((label) => label !== ''),
  ),
];

const YES = /^(?:true|yes|y|1|si|sí|x)$/i;

/** What is given without payment: only what the admin has said is, and never without an end. */
function compOf(
  of: Cell,
  tierValue: string,
  paysAtStripe: boolean,
  { options, zone, now }: RowContext,
): { readonly refused: Refusal } | { readonly comp: MemberRow['comp']; readonly remarks: readonly Remark[] } {
  const isComp = YES.test(of('comp'));
  const byValue = tierValue === '' ? undefined : options.comps[tierValue];
  const tier = (isComp ? options.comp : null) ?? (paysAtStripe ? undefined : byValue);
  if (tier === undefined || tier === null) {
    if (paysAtStripe && byValue !== undefined) return { comp: null, remarks: ['stripe-decides'] };
    const asksForTier = isComp || tierValue !== '';
    return { comp: null, remarks: asksForTier && !paysAtStripe ? ['tier-nothing'] : [] };
  }
  const untilValue = of('until');
  const until = untilValue === '' ? lastMomentOfDay(options.until ?? '', zone) : readMoment(untilValue, zone);
  if (untilValue !== '' && until === null) return { refused: 'until-wrong' };
  if (until === null) return { comp: null, remarks: ['comp-without-end'] };
  if (until <= now) return { comp: null, remarks: ['comp-over'] };
  if (until.getTime() > now.getTime() + LONGEST) return { refused: 'until-far' };
  return { comp: { tier, until }, remarks: [] };
}

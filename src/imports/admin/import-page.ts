import { formatMoment } from '../../accounts/own/format';
import type { Known } from '../../admin/page-types';
import { withQuery } from '../../admin/fields';
import type { Language } from '../../lib/language';
import { WORKING, type ImportState } from '../states';
import type { ImportPage } from './page-types';
import { expiresAt } from '../expire';
import { pageMade } from '../posts/pages';
import type { ImportRead } from './queries';

/** What rows come to, in the order it is told. */
export const OUTCOMES = ['add', 'merge', 'refuse', 'added', 'merged', 'refused', 'taken-back', 'kept'] as const;

/** What can be done with an import by where it stands; the first is what one came for. */
export const ACTS = {
  run: ['checked'],
  stop: ['checking', 'running'],
  resume: ['stopped'],
  'take-back': ['stopped', 'done'],
  remove: ['reading', 'read', 'checked', 'done', 'taken-back'],
} as const satisfies Readonly<Record<string, readonly ImportState[]>>;
export type Act = keyof typeof ACTS;

const isIn = (states: readonly ImportState[], state: ImportState): boolean => states.includes(state);

export const actsOn = ({ say }: Language, { state }: ImportRead, at: string): ImportPage['acts'] =>
  (Object.keys(ACTS) as Act[])
    .filter((act) => isIn(ACTS[act], state))
    .map((act) => ({ label: say(`import.act.${act}`), href: `${at}/${act}`, main: act === 'run' || act === 'resume' }));

/** How many have a customer, a subscription, and one whose price opens nothing; and who was not looked at yet. */
export interface StripeCounts {
  readonly customers: number;
  readonly subscribed: number;
  readonly unmapped: number;
  readonly waiting: number;
}

export function importFacts(language: Language, it: ImportRead, stripe: StripeCounts): Known[] {
  const { say } = language;
  const fact = (name: string, text: string): Known => ({ label: say(`import.fact.${name}`), text });
  const { seconds } = it.facts;
  return [
    fact('state', say(`import.state.${it.state}`)),
    fact('source', say(`import.source.${it.source}`)),
    fact('rows', language.number(it.rows)),
    fact('at', formatMoment(language, it.createdAt)),
    ...(isIn(WORKING, it.state) ? [] : [fact('expires', language.day(expiresAt(it)))]),
    ...(stripe.customers === 0
      ? []
      : [fact('stripe', say('import.stripe', { n: stripe.customers, live: language.number(stripe.subscribed) }))]),
    ...(seconds === undefined || stripe.subscribed === 0
      ? []
      : [fact('seconds', say('import.minutes', { n: Math.max(1, Math.ceil(seconds / 60)) }))]),
    ...(stripe.waiting === 0 ? [] : [fact('waiting', language.number(stripe.waiting))]),
  ];
}

/** What somebody should know before they go on. */
export function importWarnings({ say }: Language, it: ImportRead, stripe: StripeCounts): string[] {
  return [
    ...(it.facts.stripe === 'silent' ? [say('import.warning.silent')] : []),
    ...(stripe.unmapped > 0 ? [say('import.warning.unmapped', { n: stripe.unmapped })] : []),
    ...(it.state === 'checked' && it.kind === 'members' && !it.options.letters ? [say('import.warning.quiet')] : []),
  ];
}

export function outcomeCounts(
  language: Language,
  counts: readonly { readonly outcome: string | null; readonly _count: number }[],
  at: string,
  asked: string | null,
): ImportPage['outcomes'] {
  const { say } = language;
  const told = OUTCOMES.flatMap((outcome) => {
    const found = counts.find((one) => one.outcome === outcome);
    return found ? [{ outcome, n: found._count }] : [];
  });
  if (told.length === 0) return [];
  const total = told.reduce((sum, { n }) => sum + n, 0);
  return [
    { label: say('import.outcome.all'), n: language.number(total), href: at, current: asked === null },
    ...told.map(({ outcome, n }) => ({
      label: say(`import.outcome.${outcome}`),
      n: language.number(n),
      href: withQuery(at, { outcome }),
      current: asked === outcome,
    })),
  ];
}

/** What is noted of a row, in words: a name, and what stands behind its colon. */
export function noteText({ say }: Pick<Language, 'say'>, note: string): string {
  const [name = '', ...rest] = note.split(':');
  const value = rest.join(':');
  return say(`import.note.${name}`, { value });
}

/** Where what a row has made is looked at. */
function madeAt(
  prefix: string,
  {
    accountId,
    briefingId,
    made,
  }: { readonly accountId: string | null; readonly briefingId: string | null; readonly made: readonly string[] },
): string | null {
  if (accountId !== null) return `${prefix}/admin/members/${accountId}`;
  if (briefingId !== null) return `${prefix}/desk/briefings/${briefingId}`;
  const page = pageMade(made);
  return page === undefined ? null : `${prefix}/desk/pages/${page}`;
}

export function rowLine(
  language: Language,
  row: {
    readonly line: number;
    readonly email: string | null;
    readonly outcome: string | null;
    readonly notes: readonly string[];
    readonly stripe: string | null;
    readonly accountId: string | null;
    readonly title: string | null;
    readonly briefingId: string | null;
    readonly made: readonly string[];
  },
): ImportPage['rows'][number] {
  const { say, prefix } = language;
  const { line, email, outcome, notes, stripe, title } = row;
  const [status = '', price = ''] = stripe?.split(':') ?? [];
  const here = outcome === 'added' || outcome === 'merged' || outcome === 'kept';
  return {
    line,
    email: title ?? email ?? '',
    member: here ? madeAt(prefix, row) : null,
    outcome: say(`import.outcome.${outcome ?? 'add'}`),
    warning: outcome === 'refuse' || outcome === 'refused' || outcome === 'kept',
    notes: [
      ...notes.map((note) => noteText(language, note)),
      ...(stripe === null ? [] : [say('import.note.stripe', { status, price })]),
    ],
  };
}

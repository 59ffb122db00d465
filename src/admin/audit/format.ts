import type { Language } from '../../lib/language';
import { formatMoment } from '../../accounts/own/format';
import { formatMoney } from '../../lib/money';
import { longNameOf, type BriefingShape } from '../../site/shape/shape';
import type { AuditLine } from '../page-types';

/** An entry as its row keeps it. */
export interface AuditRow {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly targetKind: string | null;
  readonly targetId: string | null;
  readonly target: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
  readonly fromAddress: string | null;
}

/** An action as the log names it; one nobody has words for by its own name. */
export function formatAction(language: Language, action: string): string {
  return language.has(`admin.audit.action.${action}`) ? language.say(`admin.audit.action.${action}`) : action;
}

/** What names the kinds of passages that an entry is about. */
type Kinds = Pick<BriefingShape, 'kinds'>;

/** An entry in words. The shape is left out where no entry is about the matrix. */
export function auditLine(language: Language, row: AuditRow, shape?: Kinds): AuditLine {
  return {
    at: formatMoment(language, row.at),
    iso: row.at.toISOString(),
    actor: row.actor,
    action: formatAction(language, row.action),
    target:
      row.target === null
        ? null
        : {
            name: row.targetKind === 'matrix' ? language.say('admin.target.matrix') : row.target,
            href: hrefOf(language, row),
          },
    changes: changesOf(language, row.before, row.after, shape),
    reason: row.reason,
    from: row.fromAddress,
  };
}

/** The page of what an entry is about, where it has one. A draft that was deleted is not found any more. */
function hrefOf({ prefix }: Language, { targetKind, targetId, action }: AuditRow): string | null {
  if (targetKind === 'account' && targetId !== null) return `${prefix}/admin/members/${targetId}`;
  if (targetKind === 'briefing' && targetId !== null && action !== 'briefing-deleted')
    return `${prefix}/desk/briefings/${targetId}`;
  if (targetKind === 'category' && targetId !== null && action !== 'category-deleted')
    return `${prefix}/desk/categories/${targetId}`;
  if (targetKind === 'author' && targetId !== null && action !== 'author-deleted')
    return `${prefix}/desk/authors/${targetId}`;
  if (targetKind === 'organization' && targetId !== null && action !== 'organization-deleted')
    return `${prefix}/desk/organizations/${targetId}`;
  if (targetKind === 'invitation') return `${prefix}/admin/staff`;
  if (targetKind === 'page' && targetId !== null && action !== 'page-deleted')
    return `${prefix}/desk/pages/${targetId}`;
  if (targetKind === 'subscriber') return `${prefix}/admin/subscribers`;
  if (targetKind === 'shape') return `${prefix}/admin/shape`;
  if (targetKind === 'setting') return `${prefix}/admin/settings`;
  return targetKind === 'matrix' ? `${prefix}/admin/matrix` : targetKind === 'tier' ? `${prefix}/admin/tiers` : null;
}

/** A fact whose parts are tiers, by their slugs. */
const BY_TIER = 'setting-looks-tiers';

/** A fact about which tier a kind of passage opens for: `opens-trend`. */
const OF_A_KIND = /^opens-(.+)$/;

/** A fact about one plural form of a phrase. */
const OF_A_FORM = /^phrase-(zero|one|two|few|many|other)$/;

/** A fact by its name; one that is of a kind, of a language (`tier-name.es`) or of a tier says which. */
function formatFactName(language: Language, name: string, { kinds }: Kinds): string {
  const kind = OF_A_KIND.exec(name)?.[1];
  if (kind !== undefined) return language.say('admin.fact.opens', { kind: longNameOf(kinds, kind, language) });
  const form = OF_A_FORM.exec(name)?.[1];
  if (form !== undefined) return `${language.say('admin.fact.phrase')} (${language.say(`admin.plural.${form}`)})`;
  const [fact = name, part] = name.split('.');
  if (!language.has(`admin.fact.${fact}`)) return name;
  const label = language.say(`admin.fact.${fact}`);
  return part === undefined ? label : `${label} (${fact === BY_TIER ? part : language.languageName(part)})`;
}

/** What was one thing before and another after, fact by fact. */
export function changesOf(
  language: Language,
  before: unknown,
  after: unknown,
  shape: Kinds = { kinds: [] },
): AuditLine['changes'] {
  const [was, is] = [asFacts(before), asFacts(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].map((name) => ({
    what: formatFactName(language, name, shape),
    before: formatFact(language, was[name], currencyIn(name, was, is)),
    after: formatFact(language, is[name], currencyIn(name, is, was)),
  }));
}

/** The currency of a fact that is an amount (`monthly-cents`), as the facts beside it say; null: it is no amount. */
function currencyIn(name: string, ...sides: readonly Readonly<Record<string, unknown>>[]): string | null {
  if (!/(^|-)cents$/.test(name)) return null;
  const found = sides.map(({ currency }) => currency).find((one) => typeof one === 'string');
  return typeof found === 'string' && /^[a-z]{3}$/i.test(found) ? found : null;
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function formatFact(language: Language, value: unknown, currency: string | null): string {
  if (value === null || value === undefined || value === '') return language.say('admin.fact.none');
  if (typeof value === 'string') return MOMENT.test(value) ? formatMoment(language, new Date(value)) : value;
  if (typeof value === 'number')
    return currency === null ? language.number(value) : formatMoney(language.code, value, currency);
  return typeof value === 'boolean' ? language.say(value ? 'admin.fact.yes' : 'admin.fact.no') : JSON.stringify(value);
}

function asFacts(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

import type { Facts } from '../../stores/postgres/audit';

const isText = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => typeof one === 'string');

const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** The fields of a setting as facts of an audit entry: `setting-identity-name.es`. */
function factsOf(name: string, value: Readonly<Record<string, unknown>>): Facts {
  const facts: Record<string, string | number | boolean | null> = {};
  for (const [field, content] of Object.entries(value)) {
    const fact = `setting-${name}-${field}`;
    if (isScalar(content)) facts[fact] = content;
    else if (isText(content)) for (const [part, text] of Object.entries(content)) facts[`${fact}.${part}`] = text;
    else facts[fact] = JSON.stringify(content);
  }
  return facts;
}

/** What differs between two values of a setting, as facts: what it was and what it is. */
export function changedFacts(
  name: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): { readonly before: Facts; readonly after: Facts } {
  const [was, is] = [factsOf(name, before), factsOf(name, after)];
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((fact) => was[fact] !== is[fact]);
  const pick = (facts: Facts) => Object.fromEntries(changed.map((fact) => [fact, facts[fact] ?? null]));
  return { before: pick(was), after: pick(is) };
}

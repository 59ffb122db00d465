import { createHash } from 'node:crypto';
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

/**
 * A list of people's addresses as the log has it: how many, and a sign by which another list is told from it. The log
 * is never shortened, so nobody's address stands in it because they were once invited or refused.
 */
function listOfPeople(addresses: readonly unknown[]): string {
  const sign = createHash('sha256').update(JSON.stringify(addresses)).digest('hex').slice(0, 6);
  return addresses.length === 0 ? '0' : `${addresses.length} (${sign})`;
}

/** A setting that names people, without them. */
export const withoutPeople = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(value).map(([field, content]) => [field, Array.isArray(content) ? listOfPeople(content) : content]),
  );

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

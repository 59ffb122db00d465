/**
 * What a page that is kept knows behind the question mark: for each parameter, the one form of a value that was given,
 * or null when there is no such value. The form '' is that of the page without the parameter.
 */
export type QueryParameters = Readonly<Record<string, (given: string) => string | null>>;

/** What was asked for with each parameter a page knows, in its one form; '' where it was not given. */
export type Values<Known extends QueryParameters> = { readonly [Name in keyof Known]: string };

/** A page that knows no parameters. */
export const NO_PARAMETERS = {} as const satisfies QueryParameters;

/** Parameters that are looked at; what comes after them counts for nothing, here as in every handler. */
const MOST = 1_000;

export type Query = Readonly<Record<string, string | string[]>>;

/**
 * The parameters of a query, understood as a browser's own form would have sent them (WHATWG URL, 5.1): `+` and `%20`
 * are a space, bytes that are no UTF-8 become U+FFFD. This is also how Express reads every query, so that a page's key
 * and its handler cannot differ.
 */
export function parseQuery(query: string | null | undefined): Query {
  return byName(query ? new URLSearchParams(firstOf(query)) : []);
}

/** Fields by their names, those given more than once as a list. A name is never one of an object's own. */
export function byName(fields: Iterable<readonly [name: string, value: string]>): Query {
  const found: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of fields) {
    const before = found[name];
    if (before === undefined) found[name] = value;
    else if (typeof before === 'string') found[name] = [before, value];
    else before.push(value);
  }
  return found;
}

/** The part of a query with the parameters that are looked at. */
function firstOf(query: string): string {
  let end = -1;
  for (let count = 0; count < MOST; count++) {
    end = query.indexOf('&', end + 1);
    if (end === -1) return query;
  }
  return query.slice(0, end);
}

/** A request target (RFC 9112, 3.2.1), taken apart at its question mark. */
export function partsOf(target: string): { readonly path: string; readonly query: string } {
  const at = target.indexOf('?');
  return at === -1 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

/**
 * What a query asks of a page that knows these parameters, whatever else stands in it.
 * @returns null when a parameter it knows has no such value, or is given more than once.
 */
export function valuesOf<Known extends QueryParameters>(known: Known, query: string): Values<Known> | null {
  const names = Object.keys(known);
  const values: Record<string, string> = {};
  const given = names.length === 0 || query === '' ? {} : parseQuery(query);
  for (const name of names) {
    const one = given[name];
    const form = one === undefined ? '' : typeof one === 'string' ? known[name]!(one) : null;
    if (form === null) return null;
    values[name] = form;
  }
  return values as Values<Known>;
}

/**
 * The name under which such a page is kept: its path, and the parameters it was asked for with, in one order and one
 * form.
 */
export function keyOf<Known extends QueryParameters>(path: string, values: Values<Known>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** A number of a page: `2` and above; the first page is the one without a number. */
export const pageNumber = (given: string): string | null =>
  /^[1-9]\d{0,4}$/.test(given) ? (given === '1' ? '' : given) : null;

/** One of these words; the first is what is meant where none is given. */
export const oneOf =
  (usual: string, ...others: readonly string[]) =>
  (given: string): string | null =>
    given === usual ? '' : others.includes(given) ? given : null;

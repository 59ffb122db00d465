import { CURRENCIES } from '../../lib/currencies';
import { invalid } from '../failure';
import type { Form, FormValue } from './form';

/** Understands one parameter. @throws StripeFailure in Stripe's words when it cannot. */
export type Param<T> = (value: FormValue, name: string) => T;

/** A parameter that may be left out. */
export interface Optional<T> {
  readonly optional: Param<T>;
}

/** The parameters of a request, each required unless it is optional. */
export type Shape = Readonly<Record<string, Param<unknown> | Optional<unknown>>>;
export type Read<S extends Shape> = {
  readonly [K in keyof S as S[K] extends Optional<unknown> ? never : K]: S[K] extends Param<infer T> ? T : never;
} & {
  readonly [K in keyof S as S[K] extends Optional<unknown> ? K : never]?: S[K] extends Optional<infer T>
    ? T | undefined
    : never;
};

/** Marks a parameter that may be left out. */
export function maybe<T>(param: Param<T>): Optional<T> {
  return { optional: param };
}

/**
 * Reads all parameters; those that are not named in the shape are refused.
 * @throws StripeFailure 400 for those, and for values that a parameter refuses.
 */
export function read<S extends Shape>(shape: S, form: Form, within = ''): Read<S> {
  const nameOf = (key: string) => (within === '' ? key : `${within}[${key}]`);
  const unknown = [...form.keys()].filter((key) => !Object.hasOwn(shape, key)).map(nameOf);
  if (unknown.length > 0)
    throw invalid(
      `Received unknown parameter${unknown.length === 1 ? '' : 's'}: ${unknown.join(', ')}`,
      unknown[0],
      'parameter_unknown',
    );
  const out: Record<string, unknown> = {};
  for (const [key, rule] of Object.entries(shape)) {
    const value = form.get(key);
    if (value !== undefined) out[key] = (typeof rule === 'function' ? rule : rule.optional)(value, nameOf(key));
    else if (typeof rule === 'function')
      throw invalid(`Missing required param: ${nameOf(key)}.`, nameOf(key), 'parameter_missing');
  }
  return out as Read<S>;
}

/** A text that is neither empty nor longer than Stripe documents. @param most characters. */
export function textUpTo(most: number): Param<string> {
  return (value, name) => {
    const given = text(value, name);
    if (given.length <= most) return given;
    throw invalid(`Invalid string: ${given.slice(0, 20)}…${given.slice(-8)}; must be at most ${most} characters`, name);
  };
}

/**
 * A text that is not empty.
 * @throws StripeFailure 400 for anything else.
 */
export const text: Param<string> = (value, name) => {
  if (typeof value !== 'string') throw invalid(`Invalid string: {:${[...value.keys()].join(', ')}}`, name);
  if (value === '')
    throw invalid(
      `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; ` +
        `however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty ` +
        'value.',
      name,
      'parameter_invalid_empty',
    );
  if (value.length > 5_000)
    throw invalid(`Invalid string: ${value.slice(0, 20)}…${value.slice(-8)}; must be at most 5000 characters`, name);
  return value;
};

/** A whole number within bounds. */
export function whole(least = 0, most = Number.MAX_SAFE_INTEGER): Param<number> {
  return (value, name) => {
    if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value))
      throw invalid(
        `Invalid integer: ${typeof value === 'string' ? value : 'object'}`,
        name,
        'parameter_invalid_integer',
      );
    const number = Number(value);
    if (number < least)
      throw invalid(`This value must be greater than or equal to ${least}.`, name, 'parameter_invalid_integer');
    if (number > most)
      throw invalid(`This value must be less than or equal to ${most}.`, name, 'parameter_invalid_integer');
    return number;
  };
}

/** A number with a point, such as a percentage. */
export function decimal(least: number, most: number): Param<number> {
  return (value, name) => {
    const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most))
      throw invalid(
        `Invalid decimal: ${typeof value === 'string' ? value : 'object'}; must be between ${least} and ${most}`,
        name,
      );
    return number;
  };
}

/** `true` or `false`. @throws StripeFailure 400 for anything else. */
export const truth: Param<boolean> = (value, name) => {
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalid(`Invalid boolean: ${typeof value === 'string' ? value : 'object'}`, name);
};

/** One of these words. */
export function oneOf<const Words extends readonly string[]>(...words: Words): Param<Words[number]> {
  return (value, name) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw invalid(`Invalid ${name}: must be ${choiceOf(words)}`, name);
    return found;
  };
}

function choiceOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  if (words.length < 2) return last;
  return words.length === 2 ? `one of ${words.join(' or ')}` : `one of ${words.slice(0, -1).join(', ')}, or ${last}`;
}

/** The moments that Stripe takes, in Unix seconds: 1980 to 2100. */
const MOMENTS = { first: 315_532_800, last: 4_102_444_800 };

/**
 * A moment in Unix seconds.
 * @throws StripeFailure 400 for anything else.
 */
export const moment: Param<number> = (value, name) => {
  const seconds = typeof value === 'string' && /^\d{1,11}$/.test(value) ? Number(value) : NaN;
  if (seconds >= MOMENTS.first && seconds <= MOMENTS.last) return seconds;
  throw invalid(
    `Invalid timestamp: must be an integer Unix timestamp in the range [${MOMENTS.first}, ${MOMENTS.last}].`,
    name,
    'parameter_invalid_integer',
  );
};

/**
 * An address of the web.
 * @throws StripeFailure 400 for anything else.
 */
export const address: Param<string> = (value, name) => {
  const url = text(value, name);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw invalid('Not a valid URL', name, 'url_invalid');
  return url;
};

/**
 * An address of a mailbox.
 * @throws StripeFailure 400 for anything else.
 */
export const email: Param<string> = (value, name) => {
  const mailbox = textUpTo(512)(value, name);
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$|^[^\s@]+@localhost$/.test(mailbox))
    throw invalid(`Invalid email address: ${mailbox}`, name, 'email_invalid');
  return mailbox;
};

/** As the parameter; empty unsets it. */
export function clearable<T>(param: Param<T>): Param<T | null> {
  return (value, name) => (value === '' ? null : param(value, name));
}

/** Parameters within a parameter. */
export function inner<S extends Shape>(shape: S): Param<Read<S>> {
  return (value, name) => {
    if (typeof value === 'string') throw invalid(`Invalid object`, name);
    return read(shape, value, name);
  };
}

/** Several of the same, in the order of their numbers; none when empty. */
export function listOf<T>(param: Param<T>, most = 100): Param<T[]> {
  return (value, name) => {
    if (value === '') return [];
    if (typeof value === 'string' || [...value.keys()].some((key) => !/^\d+$/.test(key)))
      throw invalid('Invalid array', name);
    if (value.size > most) throw invalid(`Array too long: at most ${most}`, name);
    return [...value].sort(([a], [b]) => Number(a) - Number(b)).map(([key, one]) => param(one, `${name}[${key}]`));
  };
}

/** Anything, and none of it is looked at. */
export const ignored: Param<null> = () => null;

/** `created[gte]=…` and its kin, or one moment. */
export const range: Param<(moment: number) => boolean> = (value, name) => {
  const seconds = whole(0);
  if (typeof value === 'string') {
    const exactly = seconds(value, name);
    return (one) => one === exactly;
  }
  const bound = maybe(seconds);
  const { gt, gte, lt, lte } = read({ gt: bound, gte: bound, lt: bound, lte: bound }, value, name);
  return (one) =>
    (gt === undefined || one > gt) &&
    (gte === undefined || one >= gte) &&
    (lt === undefined || one < lt) &&
    (lte === undefined || one <= lte);
};

/** Two parameters that say the same in two ways. @throws StripeFailure when both are there. */
export function assertOnlyOne<P extends object>(
  params: P,
  ...names: readonly [keyof P & string, keyof P & string]
): void {
  if (names.some((name) => params[name] === undefined)) return;
  throw invalid(`You may only specify one of these parameters: ${names.join(', ')}.`, names[0], 'parameters_exclusive');
}

/**
 * A currency that Stripe charges, as it writes it: in lower case.
 * @throws StripeFailure 400 for anything else.
 */
export const currency: Param<string> = (value, name) => {
  const code = text(value, name).toLowerCase();
  if (CURRENCIES.has(code)) return code;
  throw invalid(
    `Invalid currency: ${code}. Stripe currently supports these currencies: ${[...CURRENCIES.keys()].join(', ')}`,
    name,
  );
};

/** Without the parameters that were left out, so that they overwrite nothing. */
export function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

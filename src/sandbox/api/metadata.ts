import type Stripe from 'stripe';
import { invalid } from '../failure';
import type { Form } from './form';
import type { Param } from './params';

/**
 * Keys and values of the caller's own; an empty value deletes its key, and empty altogether all of them.
 * @throws StripeFailure 400 for anything else.
 */
export const metadata: Param<Form | null> = (value, name) => {
  if (value === '') return null;
  if (typeof value === 'string') throw invalid('Invalid object', name);
  for (const [key, one] of value) {
    const at = `${name}[${key}]`;
    if (typeof one !== 'string')
      throw invalid(`Metadata values must be strings, but for key ${key} you passed in a value of type hash`, at);
    if (key.length > KEY_LENGTH) throw invalid(tooLong('key', key, KEY_LENGTH), at);
    if (one.length > VALUE_LENGTH) throw invalid(tooLong('value', one, VALUE_LENGTH), at);
  }
  assertFewKeys([...value.values()].filter((one) => one !== '').length, name);
  return value;
};

/** https://docs.stripe.com/metadata: up to 50 keys of up to 40 characters, with values of up to 500. */
const KEYS = 50;
const KEY_LENGTH = 40;
const VALUE_LENGTH = 500;

function tooLong(what: 'key' | 'value', given: string, most: number): string {
  return (
    `Metadata ${what}s can have up to ${most} characters, but you passed in a ${what} that is ${given.length} ` +
    `characters. Invalid ${what}: ${given}`
  );
}

function assertFewKeys(count: number, name: string): void {
  if (count > KEYS)
    throw invalid(
      `Metadata can have up to ${KEYS} keys, but you've set ${count}. Email us at support+metadata@stripe.com ` +
        'for more information.',
      name,
    );
}

/** Metadata as it is after what a request said of it. @throws StripeFailure when there are too many keys. */
export function merged(before: Stripe.Metadata | null, given: Form | null | undefined): Stripe.Metadata {
  if (given === undefined) return { ...before };
  if (given === null) return {};
  const after = new Map(Object.entries(before ?? {}));
  for (const [key, value] of given) {
    if (value === '' || typeof value !== 'string') after.delete(key);
    else after.set(key, value);
  }
  assertFewKeys(after.size, 'metadata');
  return Object.fromEntries(after);
}

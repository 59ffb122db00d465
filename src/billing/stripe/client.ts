import Stripe from 'stripe';

/** The way to Stripe: the SDK itself, on a pinned version of the API. No other file makes one. */
export type StripeClient = Stripe;

/** The version of the API whose objects this code reads. Webhook endpoints are made with the same one. */
export const API_VERSION = Stripe.API_VERSION;

/**
 * Milliseconds to wait for an answer, and how often a request that got none is sent again under the same idempotency
 * key.
 */
const PATIENCE = 8_000;
const RETRIES = 2;

export interface StripeOptions {
  /** Secret or restricted; `sk_…` or `rk_…`. */
  readonly key: string;
  /** Where to find a Stripe that is not the real one; plain HTTP. */
  readonly at?: { readonly host: string; readonly port: number };
  /** Milliseconds; for tests. */
  readonly timeout?: number;
  readonly retries?: number;
}

/** Opens the way; connects only when asked something. */
export function openStripe({ key, at, timeout = PATIENCE, retries = RETRIES }: StripeOptions): StripeClient {
  return new Stripe(key, {
    apiVersion: API_VERSION,
    timeout,
    maxNetworkRetries: retries,
    telemetry: false,
    appInfo: { name: 'Dossier' },
    ...(at ? { host: at.host, port: at.port, protocol: 'http' as const } : {}),
  });
}

/** Every object of a list, page after page. */
export async function listAll<T extends { id: string }>(list: Stripe.ApiListPromise<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

/** Does a key of this kind move real money? */
export const isLiveKey = (key: string): boolean => /^[sr]k_live_/.test(key);

/**
 * Did Stripe not answer, or answer that it cannot now? Then nothing is known, and the same question may be asked later.
 */
export function unavailable(error: unknown): boolean {
  const { StripeConnectionError, StripeAPIError, StripeRateLimitError } = Stripe.errors;
  return (
    error instanceof StripeConnectionError || error instanceof StripeAPIError || error instanceof StripeRateLimitError
  );
}

/** Is it an error of Stripe's, or of the way to it? */
export const isStripeError = (error: unknown): boolean => error instanceof Stripe.errors.StripeError;

/** Was an idempotency key used for another question before? */
export const isOtherQuestion = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.type === 'StripeIdempotencyError';

/**
 * Did Stripe run the request and answer that it failed? Then it repeats that answer under the same idempotency key. A
 * request that got no answer, or that was not run (409: another one is under way; 429: too many), is none such.
 */
export function answered(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError) || isOtherQuestion(error)) return false;
  return error.statusCode !== undefined && error.statusCode !== 409 && error.statusCode !== 429;
}

/** Is there no such object (any more)? */
export function missing(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.code === 'resource_missing' || error.statusCode === 404)
  );
}

/**
 * Did the card's bank say no, or ask for its customer? `code` says which: `authentication_required`, `card_declined`…
 */
export function cardError(
  error: unknown,
): { readonly code: string; readonly declineCode: string | null; readonly message: string } | null {
  if (!(error instanceof Stripe.errors.StripeCardError)) return null;
  return { code: error.code ?? 'card_declined', declineCode: error.decline_code ?? null, message: error.message };
}

/** Was the question itself refused, whoever asks it again? */
export function refused(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof Stripe.errors.StripeInvalidRequestError;
}

/** Any error of Stripe's or of the way to it, in a few words that hold nothing of a customer's. */
export function summarizeError(error: unknown): string {
  if (!(error instanceof Stripe.errors.StripeError)) return error instanceof Error ? error.name : 'unknown';
  return [error.type, error.code, error.statusCode, error.requestId]
    .filter((one) => one !== undefined && one !== '')
    .join(' ');
}

/** Why a signature does not hold: not ours, or too old by the clock alone. */
export type SignatureError = 'forged' | 'stale';

/**
 * Has this header the form of a signature: one moment in UTC seconds, and something signed? The SDK takes a moment that
 * is no number (stripe 23.1.0, Webhooks.js), which is then never too old. Nothing is proved by it: it can be asked
 * before the body is read.
 */
export function isSignature(header: string): boolean {
  return momentOf(header) !== null && /(?:^|,)v1=[0-9a-f]{64}(?:,|$)/.test(header);
}

/** When a header says that it was signed, in UTC seconds; null when it says none, or more than one. */
function momentOf(header: string): number | null {
  const [moment, ...more] = header.split(',').filter((part) => part.startsWith('t='));
  return more.length === 0 && moment !== undefined && /^t=\d{1,12}$/.test(moment) ? Number(moment.slice(2)) : null;
}

/**
 * The event in a body that is signed with one of the secrets.
 * @param now the machine's time, in milliseconds: signatures are made by the machine's clock.
 */
export function verifyEvent(
  stripe: StripeClient,
  body: Buffer,
  header: string,
  secrets: readonly string[],
  now: number,
): Stripe.Event | SignatureError {
  const signedAt = momentOf(header);
  if (signedAt === null) return 'forged';
  let why: SignatureError = 'forged';
  for (const secret of secrets) {
    try {
      const event = stripe.webhooks.constructEvent(body, header, secret, TOLERANCE, undefined, now);
      // The SDK lets any moment pass that is yet to come: such a signature would hold for ever.
      if (signedAt - now / 1000 <= TOLERANCE) return event;
      why = 'stale';
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError && /tolerance/i.test(error.message))
        why = 'stale';
    }
  }
  return why;
}

/** Seconds that a signature may be old, or ahead of our clock. */
const TOLERANCE = 300;

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import Stripe from 'stripe';
import type { Logger } from '../../lib/log';
import type { Timeline } from '../engine/timeline';
import { invalid, StripeFailure } from '../failure';
import { newId } from '../ids';
import type { World } from '../world';
import { expanded } from './expand';
import { decodeForm, type Form } from './form';
import { answerUnder, hashOf, keepAnswer } from './idempotency';
import { listOf, text } from './params';
import { ROUTES } from './routes';

/** Bytes a request may have. */
const MOST = 1_000_000;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The API of `world`: a request is understood, done in one commit and answered as Stripe would.
 * @param saved resolves when what has happened until now is kept: no answer tells of what a crash could undo.
 */
export function apiOf(world: World, timeline: Timeline, saved: () => Promise<void>, log: Logger): RequestListener {
  return (request, response) => {
    const requestId = newId('req', 14);
    bodyOf(request)
      .then((body) => answer(world, timeline, request, body, requestId))
      .then(async (result) => {
        await saved();
        return result;
      })
      .catch((error: unknown) => failureAnswer(error, requestId, log))
      .then((result) => send(request, response, result, requestId))
      .catch((error: unknown) => {
        log.error({ err: error }, 'the sandbox could not answer');
        response.destroy();
      });
  };
}

function answer(world: World, timeline: Timeline, request: IncomingMessage, body: string, requestId: string): Answer {
  assertKey(world, request);
  assertVersion(request);
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://sandbox');
  // What is deleted may be told how in either place.
  const encoded = { GET: url.search, POST: body, DELETE: `${url.search.slice(1)}&${body}` }[method] ?? url.search;
  const form = decodeForm(encoded);
  const key = method === 'POST' ? request.headers['idempotency-key'] : undefined;
  timeline.catchUp();
  if (typeof key !== 'string') return understood(world, method, url.pathname, form, requestId, null)();
  const hash = hashOf(method, url.pathname, body);
  const before = answerUnder(world, key, url.pathname, hash);
  if (before)
    return {
      status: before.status,
      body: before.body,
      headers: { 'Idempotency-Key': key, 'Idempotent-Replayed': 'true', 'Original-Request': before.requestId },
    };
  const act = understood(world, method, url.pathname, form, requestId, key);
  return world.commit(
    () => {
      const done = act();
      keepAnswer(world, key, { hash, path: url.pathname, ...done, requestId, at: world.now() });
      return { ...done, headers: { 'Idempotency-Key': key, 'Original-Request': requestId } };
    },
    { requestId, idempotencyKey: key },
  );
}

// What is wrong with the parameters shows before anything is done, so that under an idempotency key it may be put
// right.
function understood(
  world: World,
  method: string,
  path: string,
  form: Form,
  requestId: string,
  idempotencyKey: string | null,
): () => Answer {
  const paths = form.has('expand') ? listOf(text)(form.get('expand') ?? '', 'expand') : [];
  form.delete('expand');
  const found = ROUTES.flatMap((route) => {
    const match = route.method === method && route.pattern.exec(path);
    return match ? [{ route, ids: match.slice(1).map(idFrom) }] : [];
  })[0];
  if (!found)
    throw new StripeFailure(
      404,
      `Unrecognized request URL (${method}: ${path}). If you are trying to list objects, remove the trailing ` +
        'slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in ' +
        'your code. Please see https://docs.stripe.com/api.',
    );
  const act = found.route.prepare(world, found.ids, form);
  return () => {
    try {
      const object = world.commit(act, { requestId, idempotencyKey });
      return { status: 200, body: JSON.stringify(expanded(world, object, paths), null, 2) };
    } catch (error) {
      if (error instanceof StripeFailure) return refusal(world, error, requestId);
      throw error;
    }
  };
}

function idFrom(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function assertKey(world: World, request: IncomingMessage): void {
  const authorization = request.headers.authorization ?? '';
  const basic = /^Basic (.+)$/.exec(authorization)?.[1];
  const key = basic
    ? Buffer.from(basic, 'base64').toString().replace(/:.*$/s, '')
    : /^Bearer (.+)$/.exec(authorization)?.[1];
  if (!key)
    throw new StripeFailure(
      401,
      'You did not provide an API key. You need to provide your API key in the Authorization header, using ' +
        "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See " +
        'https://docs.stripe.com/api#authentication for details.',
    );
  if (key !== world.apiKey) throw new StripeFailure(401, `Invalid API Key provided: ${masked(key)}`);
}

/** A key as it may be shown: its beginning and its end. */
function masked(key: string): string {
  const stars = '*'.repeat(Math.max(0, Math.min(20, key.length - 11)));
  return `${key.slice(0, 7)}${stars}${key.length > 11 ? key.slice(-4) : ''}`;
}

function assertVersion(request: IncomingMessage): void {
  const version = request.headers['stripe-version'];
  if (version !== undefined && version !== Stripe.API_VERSION)
    throw invalid(`Invalid Stripe API version: ${String(version)}. This sandbox speaks ${Stripe.API_VERSION} alone.`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST) throw new StripeFailure(413, 'Request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(world: World | null, { status, message, details }: StripeFailure, requestId: string): Answer {
  const { code, param, declineCode, type = 'invalid_request_error', paymentIntent } = details;
  const intent = paymentIntent === undefined ? undefined : world?.paymentIntents.get(paymentIntent);
  const error = {
    ...(code === undefined
      ? {}
      : { code, doc_url: `https://docs.stripe.com/error-codes/${code.replaceAll('_', '-')}` }),
    ...(declineCode === undefined ? {} : { decline_code: declineCode }),
    message,
    ...(param === undefined ? {} : { param }),
    ...(intent === undefined ? {} : { payment_intent: intent }),
    request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}?t=0`,
    type,
  };
  return { status, body: JSON.stringify({ error }, null, 2) };
}

function failureAnswer(error: unknown, requestId: string, log: Logger): Answer {
  if (error instanceof StripeFailure) return refusal(null, error, requestId);
  log.error({ err: error }, 'the sandbox failed');
  return refusal(null, new StripeFailure(500, 'An unknown error occurred', { type: 'api_error' }), requestId);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: Answer,
  requestId: string,
): void {
  response
    .writeHead(status, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-cache, no-store',
      'Request-Id': requestId,
      'Stripe-Version': Stripe.API_VERSION,
      ...(status === 401 ? { 'WWW-Authenticate': 'Basic realm="Stripe"' } : {}),
      ...headers,
    })
    .end(request.method === 'HEAD' ? undefined : body);
}

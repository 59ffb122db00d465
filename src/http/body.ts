import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { Failure } from '../lib/failure';
import { byName } from './cache/page-address';
import { parseForm } from './urlencoded';

/**
 * How much a route reads of a form. It is declared with the route, and nothing is read of what says that it is more.
 */
export interface FormRule {
  readonly bytes: number;
  readonly fields: number;
}

/** A form as it was sent, in the order of its fields, and the names of the fields whose files were chosen. */
export interface SentForm {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly files: readonly string[];
  /** Was it sent as one with files, whether any were chosen or not? */
  readonly upload: boolean;
}

/** What reads a form for a route, and can be asked to read it before anybody says what becomes of it. */
export interface FormReader extends RequestHandler {
  readonly rule: FormRule;
  /** @throws Failure 400, 413 or 415 when it is none that the route takes. */
  readonly read: (req: Request, rule: FormRule) => Promise<SentForm>;
}

/** Makes a reader. `take` puts what was read where the route finds it; it is called only for a form that was sent. */
export function formReader<Form>(
  rule: FormRule,
  type: string,
  read: (req: Request, rule: FormRule) => Promise<Form>,
  take: (req: Request, form: Form) => void,
  sent: (form: Form) => SentForm,
): FormReader {
  const handler: RequestHandler = async (req, _res, next) => {
    if (hasBody(req) && req.is(type)) take(req, await read(req, rule));
    next();
  };
  const again = async (req: Request, limits: FormRule): Promise<SentForm> => {
    if (!req.is(type)) throw new Failure(415, `not ${type}`);
    return sent(await read(req, limits));
  };
  return Object.assign(handler, { rule, read: again });
}

export const isFormReader = (handler: unknown): handler is FormReader =>
  typeof handler === 'function' && 'rule' in handler && 'read' in handler;

/** Does a request come with a body, be it an empty one (RFC 9112, 6)? */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
}

/**
 * Refuses a body that says of itself that it is too large, or is packed: then nothing is read of it. @throws Failure
 * 413 or 415
 */
export function refuseBySaying({ headers }: Pick<IncomingMessage, 'headers'>, most: number): void {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw new Failure(415, 'a packed body');
  if (Number(headers['content-length'] ?? 0) > most) throw new Failure(413, 'a body that is too large');
}

/**
 * Reads the body of a request.
 * @param most bytes; it stops at the first that is more.
 * @throws Failure 413 when there are more, 415 when it is packed, 400 when it breaks off.
 */
export function readBody(req: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    refuseBySaying(req, most);
    const parts: Buffer[] = [];
    let size = 0;
    const end = (how: () => void) => {
      req.off('data', take).off('end', done).off('close', broke).off('error', broke);
      how();
    };
    const take = (part: Buffer) => {
      size += part.length;
      if (size <= most) return void parts.push(part);
      req.pause();
      end(() => reject(new Failure(413, 'a body that is too large')));
    };
    const done = () => end(() => resolve(Buffer.concat(parts)));
    const broke = () => end(() => reject(new Failure(400, 'a body that breaks off')));
    req.on('data', take).on('end', done).on('close', broke).on('error', broke);
  });
}

const URLENCODED = 'application/x-www-form-urlencoded';

const asSent = (fields: SentForm['fields']): SentForm => ({ fields, files: [], upload: false });

const readFields = async (req: Request, rule: FormRule): Promise<[string, string][]> =>
  parseForm(await readBody(req, rule.bytes), rule.fields);

/** Reads a form into `req.body` by the names of its fields. Names stay flat: `a[b]` is a field called `a[b]`. */
export const formByName = (rule: FormRule): FormReader =>
  formReader(rule, URLENCODED, readFields, (req, fields) => void (req.body = byName(fields)), asSent);

/** Reads a form into `req.body` as it was sent: the order of its fields is the order of its rows. */
export const formInOrder = (rule: FormRule): FormReader =>
  formReader(rule, URLENCODED, readFields, (req, fields) => void (req.body = new URLSearchParams(fields)), asSent);

import type { Request } from 'express';
import { Failure } from '../lib/failure';
import './sessions';

/**
 * A call of express-session as a promise. A session that could not be stored is none: where the call fails it is taken
 * from the request, or the answer would carry its cookie all the same.
 * @throws Failure 503 when the session store does not answer, and where there is no session.
 */
export async function callSession(req: Request, call: 'regenerate' | 'save' | 'destroy'): Promise<void> {
  if (!req.session) throw new Failure(503, 'the session store does not answer');
  await new Promise<void>((resolve, reject) =>
    req.session[call]((error?: unknown) => {
      if (!error) return resolve();
      Reflect.deleteProperty(req, 'session');
      reject(new Failure(503, 'the session store does not answer', { cause: error }));
    }),
  );
}

/** Ends the session of a request, whether the store can be told or not. */
export async function endSession(req: Request): Promise<void> {
  await callSession(req, 'destroy').catch(() => undefined);
}

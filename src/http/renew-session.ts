import type { Request } from 'express';
import { Failure } from '../lib/failure';
import './sessions';

/**
 * The same session under a new id; the old id is dead (ASVS 7.2.4). For whoever has just proved again who they are.
 * @throws Failure 503 when the session store does not answer.
 */
export async function renewSession(req: Request): Promise<void> {
  const { accountId, loginId, startedAt, provedAt, passkeyAt } = req.session;
  await answered((done) => req.session.regenerate(done));
  Object.assign(req.session, { accountId, loginId, startedAt, provedAt, passkeyAt });
  await answered((done) => req.session.save(done));
}

/** Ends the session of a request, whether the store can be told or not. */
export async function endSession(req: Request): Promise<void> {
  await new Promise<void>((resolve) => req.session.destroy(() => resolve()));
}

function answered(ask: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) =>
    ask((error) =>
      error ? reject(new Failure(503, 'the session store does not answer', { cause: error })) : resolve(),
    ),
  );
}

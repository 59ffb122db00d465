import type { Request } from 'express';
import { callSession } from '../../http/renew-session';
import '../../http/sessions';

/** Milliseconds a ceremony may take. */
export const CEREMONY = 10 * 60_000;

type Ceremony = 'registration' | 'login';

/** Remembers the challenge of a ceremony that begins; one that was under way in this session is over. */
export function beginCeremony(req: Request, of: Ceremony, value: string, now: Date): void {
  req.session.challenge = { value, of, at: now.getTime() };
}

/**
 * The challenge this session was given for such a ceremony, for the only time: it is forgotten before anything is
 * judged. Null when there is none, it is too old, or it was given for the other ceremony.
 * @throws Failure 503 when it could not be forgotten.
 */
export async function takeChallenge(req: Request, of: Ceremony, now: Date): Promise<string | null> {
  const { challenge } = req.session;
  if (!challenge) return null;
  delete req.session.challenge;
  await callSession(req, 'save');
  return challenge.of === of && now.getTime() - challenge.at < CEREMONY ? challenge.value : null;
}

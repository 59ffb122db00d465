import type { Request, Response } from 'express';
import { Passport } from 'passport';
import { Strategy } from 'passport-local';
import type { Wall } from '../../stores/postgres/wall';
import { verifyCredentials, type VerifiedAccount } from '../credentials/verify-credentials';
import { validateLogin } from '../forms';

/** Asks Passport whose e-mail and password the body of a request holds; null: nobody's. The session is ours to make. */
export type Authenticate = (req: Request, res: Response) => Promise<VerifiedAccount | null>;

export function openPassport(wall: Wall): Authenticate {
  const passport = new Passport();
  passport.use(
    new Strategy({ usernameField: 'email', session: false }, (email, password, done) => {
      const understood = validateLogin({ email, password });
      if ('wrong' in understood) return done(null, false);
      verifyCredentials(wall, understood.values.email, password).then((account) => done(null, account ?? false), done);
    }),
  );
  return (req, res) =>
    new Promise((resolve, reject) => {
      const answer = (error: Error | null, account: unknown) =>
        error ? reject(error) : resolve((account || null) as VerifiedAccount | null);
      (
        passport.authenticate('local', { session: false }, answer) as (
          req: Request,
          res: Response,
          next: (error?: unknown) => void,
        ) => void
      )(req, res, reject);
    });
}

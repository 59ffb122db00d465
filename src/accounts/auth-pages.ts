import type { Request, RequestHandler, Response } from 'express';
import { type SiteContext, type PageHead } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { respond } from '../http/respond';
import { limitedFor } from '../http/too-many-requests';
import { Failure } from '../lib/failure';
import type { Language } from '../lib/language';
import { awaitSecondFactor, completeLogin, type LoginParts } from './login/complete-login';
import type { VerifiedAccount } from './credentials/verify-credentials';
import type { GrantJoined } from './join/create-account';
import { attemptOf } from './login/attempt';
import type { AuthLimits, Attempt } from './login/limits';
import { safeNext } from './login/next';
import type { AuthPage } from './page-types';
import { limited, type FormState, type JoinTier } from './pages';

export interface AuthParts extends LoginParts {
  readonly site: SiteContext;
  readonly limits: AuthLimits;
  /** What joining grants. */
  readonly grantJoined: GrantJoined;
  /** The free tier and what is said of it; null while that cannot be read. */
  readonly describeJoinTier: (language: Language) => Promise<JoinTier | null>;
  /** Is told how far the way to joining the free tier has led that began where they want to go back to. */
  readonly trackJoining: (step: 'begun' | 'done', next: string | null) => void;
  /** The address that letters about briefings go to, by the token of one; null: no letter brought somebody here. */
  readonly subscribedAddress: (token: unknown) => Promise<string | null>;
  /** Who is asking, as this request has proved it. */
  readonly audienceOf: (res: Response) => NonNullable<PageHead['audience']>;
}

/** One door as a visitor sees it. */
export interface AuthForm {
  readonly view: 'accounts/join' | 'accounts/login';
  /** Without the language. */
  readonly path: () => string;
  readonly noindex: boolean;
  readonly page: (language: Language, state: FormState) => AuthPage | Promise<AuthPage>;
}

/** What both doors do alike, in one language. */
export class AuthPages {
  private readonly home: string;

  constructor(
    readonly auth: AuthParts,
    readonly language: Language,
    private readonly front: AuthForm,
  ) {
    this.home = language.prefix || '/';
  }

  /** Where the reader wants to go afterwards; null: nowhere of ours. */
  nextOf(given: unknown): string | null {
    return safeNext(given, this.auth.site.publicUrl, '') || null;
  }

  /** Shows the door; whoever is inside already is shown on. */
  readonly open: RequestHandler = async (req, res) => {
    const next = this.nextOf(req.query['next']);
    if (this.auth.audienceOf(res) === 'member') return res.redirect(303, next ?? this.home);
    await this.show(req, res, 200, { next });
  };

  async show(req: Request, res: Response, status: 200 | 422 | 429, state: FormState): Promise<void> {
    const { site, audienceOf } = this.auth;
    const { view, path, noindex } = this.front;
    const page = await this.front.page(this.language, state);
    res.status(status);
    await respond(req, res, view, {
      layout: layoutOf(site, this.language, {
        title: page.heading,
        path: path(),
        next: state.next,
        noindex,
        audience: audienceOf(res),
      }),
      page,
    });
  }

  /** Keeps the door shut for so many seconds, with the form as it was filled in (RFC 6585, 4). */
  async showLimited(req: Request, res: Response, seconds: number, state: FormState): Promise<void> {
    await this.show(req, res, limitedFor(res, seconds), { ...state, refused: limited(seconds) });
  }

  /** Who knocks for this address, as the limits count them. */
  attemptOf(req: Request, email: string): Promise<Attempt> {
    return attemptOf(this.auth, req, email);
  }

  /** Past the password: logged in and where they wanted to go, or on to the second factor. */
  logIn(req: Request, res: Response, account: Entering, next: string | null): Promise<void> {
    return enter(this.auth, this.language, req, res, account, next ?? this.home);
  }
}

/** An account whose password was shown, or which was made just now. */
type Entering = Pick<VerifiedAccount, 'id' | 'secondFactor'> & { readonly mark?: string };

/**
 * Answers somebody past the password: logged in and led to `next`, a path of ours, or on to the second factor and then
 * there.
 * @throws Failure as `completeLogin` does.
 */
export async function enter(
  parts: LoginParts,
  { prefix }: Language,
  req: Request,
  res: Response,
  account: Entering,
  next: string,
): Promise<void> {
  if (account.secondFactor) {
    await awaitSecondFactor(parts, req, account, next);
    return res.redirect(303, `${prefix}/login/second-factor`);
  }
  await completeLogin(parts, req, res, account);
  res.redirect(303, next);
}

/** passport-local reads the address too, and addresses are logged (ASVS 14.2.1): credentials there are refused. */
export const refuseCredentialsInQuery: RequestHandler = (req, _res, next) => {
  const found = ['email', 'password', 'name'].some((field) => field in req.query);
  next(found ? new Failure(400, 'credentials in the address') : undefined);
};

/** Without sessions nobody can be let in, so nobody is asked for a password. */
export const requireSessions: RequestHandler = (req, _res, next) =>
  next(req.session ? undefined : new Failure(503, 'the session store does not answer'));

import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import { registrar } from '../access/viewer';
import { onlyMethods } from '../http/errors';
import { layoutOf, type House, type PageHead } from '../http/house';
import { respond } from '../http/respond';
import { clearSessionCookie } from '../http/sessions';
import { Failure } from '../lib/failure';
import type { Language } from '../lib/language';
import { awaitSecondFactor, completeLogin, type LoginParts } from './complete-login';
import { proveAccount, type ProvedAccount } from './credentials';
import { readJoin, readLogin, understandJoin, understandLogin } from './forms';
import { join, tellOwner, type GrantJoined } from './join';
import { deviceOf, knownDevice } from './known-devices';
import type { DoorLimits, Knock } from './limits';
import { logOut } from './log-out';
import { safeNext } from './next';
import { joinPage, loginPage, type FormState } from './pages';
import { openPassport } from './passport';
import { hashPassword } from './passwords';

export interface Doors extends LoginParts {
  readonly house: House;
  readonly limits: DoorLimits;
  /** What joining grants. */
  readonly grantJoined: GrantJoined;
  /** Who is asking, as this request has proved it. */
  readonly audienceOf: (res: Response) => NonNullable<PageHead['audience']>;
}

/** What a password manager or a person types into these forms fits many times over. */
const form = urlencoded({ extended: false, limit: '16kb', parameterLimit: 30 });

/** The ways in and out, in one language: join the Strategy Circle, log in, log out. */
export function doorRoutes(doors: Doors, language: Language): Router {
  const { house, wall, clock, https, limits } = doors;
  const router = Router({ caseSensitive: true, strict: true });
  const authenticate = openPassport(wall);
  const home = language.prefix || '/';

  const nextOf = (given: unknown): string | null => safeNext(given, house.publicUrl, '') || null;

  /** The limits of a password being tried for this address by this browser. */
  const knockOf = async (req: Request, email: string): Promise<Knock> => {
    const device = deviceOf(req, https);
    return { email, ip: req.ip ?? '', device: device === null ? null : await wall.read(registrar, (db) => knownDevice(db, device, email)) };
  };

  /** Past the first factor: logged in, or on to the second. */
  const enter = async (req: Request, res: Response, account: Pick<ProvedAccount, 'id' | 'secondFactor'>, next: string | null): Promise<void> => {
    if (account.secondFactor) {
      await awaitSecondFactor(doors, req, account, next ?? home);
      return res.redirect(303, `${language.prefix}/login/second-factor`);
    }
    await completeLogin(doors, req, res, account);
    res.redirect(303, next ?? home);
  };

  const show = (view: 'join' | 'login') => async (req: Request, res: Response, state: FormState, status = 200): Promise<void> => {
    const path = view === 'join' ? '/join/strategy-circle' : '/login';
    const page = view === 'join' ? joinPage(language, state) : loginPage(language, state);
    const layout = layoutOf(house, language, { title: page.heading, path, next: state.next, noindex: view === 'login', audience: doors.audienceOf(res) });
    res.status(status);
    await respond(req, res, `accounts/${view}`, { layout, page });
  };
  const [showJoin, showLogin] = [show('join'), show('login')];

  const tooMany = (res: Response, wait: number): NonNullable<FormState['refused']> => {
    res.setHeader('Retry-After', String(wait));
    return { key: 'form.limited', minutes: Math.ceil(wait / 60) };
  };

  /** Whoever is inside already is shown on. */
  const open = (shown: typeof showJoin): RequestHandler => async (req, res) => {
    const next = nextOf(req.query['next']);
    if (doors.audienceOf(res) === 'member') return res.redirect(303, next ?? home);
    await shown(req, res, { next });
  };

  router.route('/join/strategy-circle').all(nothingInTheAddress).get(open(showJoin)).post(sessionsAtHand, form, async (req, res) => {
    const body = readJoin(req.body);
    const state = { next: nextOf(body.next), typed: { name: body.name, email: body.email } };
    const understood = understandJoin(body, language.say('site.name'));
    if ('wrong' in understood) return showJoin(req, res, { ...state, wrong: understood.wrong }, 422);
    const { name, email, password } = understood.values;
    const knock = await knockOf(req, email);
    const wait = await limits.tryJoin(knock);
    if (wait !== null) return showJoin(req, res, { ...state, refused: tooMany(res, wait) }, 429);

    const made = await join(wall, doors.grantJoined, { name, email, passwordHash: await hashPassword(password), lang: language.code }, clock.now());
    if (made) return enter(req, res, { ...made, secondFactor: false }, state.next);

    // The address has an account: its owner may have forgotten that, and is let in as by the other door.
    const tooManyTries = await limits.tryPassword(knock);
    if (tooManyTries !== null) return showJoin(req, res, { ...state, refused: tooMany(res, tooManyTries) }, 429);
    const account = await proveAccount(wall, email, password);
    if (!account) {
      await tellOwner(wall, email);
      return showJoin(req, res, { ...state, refused: { key: 'join.refused' } }, 422);
    }
    await limits.forgive(knock);
    await enter(req, res, account, state.next);
  }).all(onlyMethods('GET', 'HEAD', 'POST'));

  router.route('/login').all(nothingInTheAddress).get(open(showLogin)).post(sessionsAtHand, form, async (req, res) => {
    const body = readLogin(req.body);
    const state = { next: nextOf(body.next), typed: { email: body.email } };
    const understood = understandLogin(body);
    if ('wrong' in understood) return showLogin(req, res, { ...state, wrong: understood.wrong }, 422);
    const knock = await knockOf(req, understood.values.email);
    const wait = await limits.tryPassword(knock);
    if (wait !== null) return showLogin(req, res, { ...state, refused: tooMany(res, wait) }, 429);
    const account = await authenticate(req, res);
    if (!account) return showLogin(req, res, { ...state, refused: { key: 'login.wrong', doubted: true } }, 422);
    await limits.forgive(knock);
    await enter(req, res, account, state.next);
  }).all(onlyMethods('GET', 'HEAD', 'POST'));

  router.route('/logout').post(async (req, res) => {
    clearSessionCookie(res, https);
    await logOut(wall, req, clock.now());
    // Not "cookies": that would forget the known device, and with it the owner's own counter of tries.
    res.setHeader('Clear-Site-Data', '"cache", "storage"');
    res.redirect(303, home);
  }).all(onlyMethods('POST'));

  return router;
}

/** Without sessions nobody can be let in, so nobody is asked for a password. */
const sessionsAtHand: RequestHandler = (req, _res, next) => next(req.session ? undefined : new Failure(503, 'the session store does not answer'));

/** passport-local reads the address too, and addresses are logged (ASVS 14.2.1): credentials there are refused. */
const nothingInTheAddress: RequestHandler = (req, _res, next) => {
  const found = ['email', 'password', 'name'].some((field) => field in req.query);
  next(found ? new Failure(400, 'credentials in the address') : undefined);
};

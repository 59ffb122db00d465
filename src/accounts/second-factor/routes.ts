import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { renewLogin } from '../login/renew-login';
import { limitedFor } from '../../http/too-many-requests';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { Limit } from '../../stores/limits';
import type { FieldErrors } from '../forms';
import { ownerOf, ownerOnly } from '../own/owner';
import type { AccountParts } from '../own/parts';
import { formatMoment } from '../own/format';
import { workplaceOf } from '../invitations/routes';
import { formError, formFields, limited } from '../pages';
import { codeFault, readChange, readCode, readStart } from './forms';
import type { RecoveryCodesPage, SecondFactorPage, SetUpPage } from './page-types';
import { reauthenticationForm, reauthenticateForChange } from './reauthenticate';
import { drawQr } from './qr';
import type { SecretSealer } from './secret';
import { secondFactorFrame, renderSecondFactor, type SecondFactorSection } from './render';
import { newTotpSecret, stepOf, totpAddress } from './totp';
import { renewCodes, disableTotp, enableTotp } from './enable';

const SECTION: SecondFactorSection = { name: 'second-factor', done: ['off'] };

/** Milliseconds for which a secret that is being set up waits for its first code. */
const SETTING_UP = 15 * 60_000;

/** What the pages of the second factor are made of. */
export interface SecondFactorParts extends AccountParts {
  readonly codes: Limit;
  readonly secrets: SecretSealer;
}

interface Context {
  readonly parts: SecondFactorParts;
  readonly language: Language;
  /** Where the pages lie, with the language. */
  readonly path: string;
}

/** `/account/second-factor`: set up, recovery codes, turned off. */
export function secondFactorRoutes(parts: SecondFactorParts, language: Language): Router {
  const context: Context = { parts, language, path: `${language.prefix}/account/second-factor` };
  const router = Router({ caseSensitive: true, strict: true });
  const owners = ownerOnly(language);
  router
    .route('/account/second-factor')
    .all(owners)
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  for (const [step, handler] of [
    ['start', start],
    ['confirm', confirm],
    ['codes', replaceCodes],
    ['off', turnOff],
  ] as const)
    router
      .route(`/account/second-factor/${step}`)
      .all(owners)
      .post(formBody, (req, res) => handler(context, req, res))
      .all(onlyMethods('POST'));
  return router;
}

/** Begins to set it up: a secret that waits for its first code. */
async function start(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, path } = context;
  const owner = ownerOf(res);
  const { current } = readStart(req.body);
  const errors = await reauthenticateForChange(parts, req, owner, current);
  if (errors) return show(context, req, res, errors, 422);
  const { totpConfirmedAt } = await parts.wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { totpConfirmedAt: true } }),
  );
  if (totpConfirmedAt) return res.redirect(303, path);
  const secret = newTotpSecret();
  // Into this session alone: another login of the account must not see it.
  await renewLogin(context.parts, req);
  req.session.settingUp = { secret, at: parts.clock.now().getTime() };
  await showSetUp(context, req, res, secret);
}

/** Turns it on, by the first code. */
async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { wall, clock, secrets, accountChanged } = context.parts;
  const { code } = readCode(req.body);
  const now = clock.now();
  const { settingUp } = req.session;
  if (!settingUp || now.getTime() - settingUp.at >= SETTING_UP) return res.redirect(303, context.path);
  const step = stepOf(settingUp.secret, code.replace(/\s/g, ''), now);
  if (step === null) return showSetUp(context, req, res, settingUp.secret, codeFault(code), 422);
  const owner = ownerOf(res);
  const made = await wall.write(accountsViewer, (db) => enableTotp(db, secrets, owner, settingUp.secret, step, now));
  if (!made) throw new Failure(409, 'the second factor was turned on meanwhile');
  accountChanged(owner.id);
  await renewLogin(context.parts, req);
  const { role, appointed } = res.locals.reader.account!;
  // Whoever was given a role has just put it in force, and goes on to where it is for.
  const toWork = appointed === role || appointed === 'reader' ? null : workplaceOf(context.language, appointed);
  await showCodes(context, req, res, made, toWork ?? context.path);
}

/** Makes new recovery codes; those before are worth nothing any more. */
async function replaceCodes(context: Context, req: Request, res: Response): Promise<void> {
  const { wall, clock, secrets, codes } = context.parts;
  const code = await provedCode(context, req, res);
  if (code === null) return;
  const owner = ownerOf(res);
  const made = await wall.write(accountsViewer, (db) => renewCodes(db, secrets, owner, code, clock.now()));
  if (!made) return show(context, req, res, codeFault(code), 422);
  await codes.forget(owner.id);
  await showCodes(context, req, res, made, context.path);
}

async function turnOff(context: Context, req: Request, res: Response): Promise<void> {
  const { wall, clock, secrets, codes, accountChanged } = context.parts;
  const code = await provedCode(context, req, res);
  if (code === null) return;
  const owner = ownerOf(res);
  if (!(await wall.write(accountsViewer, (db) => disableTotp(db, secrets, owner, code, clock.now()))))
    return show(context, req, res, codeFault(code), 422);
  await codes.forget(owner.id);
  accountChanged(owner.id);
  await renewLogin(context.parts, req);
  res.redirect(303, `${context.path}?done=off`);
}

/** The code of a form that asks for one and a proof, once it is proved; null when it was answered already. */
async function provedCode(context: Context, req: Request, res: Response): Promise<string | null> {
  const { parts, language } = context;
  const owner = ownerOf(res);
  const { code, current } = readChange(req.body);
  const errors = {
    ...(code.trim() === '' ? codeFault(code) : {}),
    ...(await reauthenticateForChange(parts, req, owner, current)),
  };
  if (Object.keys(errors).length > 0) {
    await show(context, req, res, errors, 422);
    return null;
  }
  const wait = await parts.codes.take(owner.id, attemptsOf(res));
  if (wait === null) return code;
  const error = formError(language, { refused: limited(wait) });
  await show(context, req, res, {}, limitedFor(res, wait), error);
  return null;
}

const codeField = (hint: string) => ({ name: 'code', type: 'text', autocomplete: 'one-time-code', hint }) as const;

async function show(
  { parts, language, path }: Context,
  req: Request,
  res: Response,
  errors: FieldErrors = {},
  status = 200,
  error: string | null = null,
): Promise<void> {
  const { say } = language;
  const { id } = ownerOf(res);
  const account = await parts.wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({
      where: { id },
      select: { totpConfirmedAt: true, recoveryCodes: { where: { usedAt: null }, select: { hash: true } } },
    }),
  );
  const { role, appointed } = res.locals.reader.account!;
  const on = account.totpConfirmedAt;
  const proof = await reauthenticationForm(parts, language, req, id, path);
  const page: SecondFactorPage = {
    frame: secondFactorFrame(language, req, res, SECTION),
    warning: appointed === role ? null : say('second-factor.staff', { role: say(`account.role.${appointed}`) }),
    on: on && {
      since: say('second-factor.since', { moment: formatMoment(language, on) }),
      left: say('second-factor.left', { n: account.recoveryCodes.length }),
      off: `${path}/off`,
    },
    form: proof.fields && {
      action: on ? `${path}/codes` : `${path}/start`,
      fields: formFields(language, { next: null, wrong: errors }, [
        ...(on ? [codeField(say('form.code.hint'))] : []),
        ...proof.fields,
      ]),
      submit: say(on ? 'second-factor.codes.submit' : 'second-factor.start.submit'),
    },
    prove: proof.passkey,
    error,
  };
  await renderSecondFactor(parts.site, language, req, res, SECTION, 'second-factor', page, status);
}

async function showSetUp(
  { parts: { site, wall }, language, path }: Context,
  req: Request,
  res: Response,
  secret: string,
  errors: FieldErrors = {},
  status = 200,
): Promise<void> {
  const { say } = language;
  const { email } = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: ownerOf(res).id }, select: { email: true } }),
  );
  const address = totpAddress(secret, language.siteName, email);
  const page: SetUpPage = {
    frame: secondFactorFrame(language, req, res, SECTION),
    qr: drawQr(address),
    secret: secret.match(/.{1,4}/g)!.join(' '),
    address,
    form: {
      action: `${path}/confirm`,
      fields: formFields(language, { next: null, wrong: errors }, [codeField(say('second-factor.first-code.hint'))]),
      submit: say('second-factor.confirm.submit'),
    },
    back: path,
  };
  await renderSecondFactor(site, language, req, res, SECTION, 'second-factor-set-up', page, status);
}

async function showCodes(
  { parts: { site }, language }: Context,
  req: Request,
  res: Response,
  codes: readonly string[],
  back: string,
): Promise<void> {
  const page: RecoveryCodesPage = { frame: secondFactorFrame(language, req, res, SECTION), codes, back };
  await renderSecondFactor(site, language, req, res, SECTION, 'second-factor-codes', page, 201);
}

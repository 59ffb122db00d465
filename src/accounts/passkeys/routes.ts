import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { renewLogin } from '../login/renew-login';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { describeDevice } from '../login/device';
import type { FieldErrors } from '../forms';
import { hashOfToken } from '../credentials/link-tokens';
import { ownerOf, ownerOnly } from '../own/owner';
import type { AccountParts } from '../own/parts';
import { formatDevice, formatMoment } from '../own/format';
import { formFields } from '../pages';
import { reauthenticationForm, reauthenticateForChange } from '../second-factor/reauthenticate';
import { secondFactorFrame, renderSecondFactor, type SecondFactorSection } from '../second-factor/render';
import { registrationOptions, verifyRegistration } from './ceremonies';
import { beginCeremony, takeChallenge } from './challenge';
import { readNewCredential, readProof, readRegistration, validatePasskeyName } from './forms';
import { addPasskey, dropPassword, removePasskey } from './store';
import type { NewPasskeyPage, PasskeysPage, PasskeyStepPage } from './page-types';
import { relyingPartyOf } from './relying-party';

const SECTION: SecondFactorSection = { name: 'passkeys', done: ['added', 'removed', 'password-dropped'] };

interface Context {
  readonly parts: AccountParts;
  readonly language: Language;
  /** Where the pages lie, with the language. */
  readonly path: string;
}

/** `/account/passkeys`: registered, named, removed; and an account without a password. */
export function passkeyRoutes(parts: AccountParts, language: Language): Router {
  const path = `${language.prefix}/account/passkeys`;
  const context: Context = { parts, language, path };
  const router = Router({ caseSensitive: true, strict: true });
  const owners = ownerOnly(language);
  router
    .route('/account/passkeys')
    .all(owners)
    .get((req, res) => show(context, req, res))
    .post(formBody, (req, res) => add(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/passkeys/new')
    .all(owners)
    .get((req, res) => showStep(context, req, res, { what: 'new', action: `${path}/new` }))
    .post(formBody, (req, res) => beginRegistration(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/passkeys/drop-password')
    .all(owners)
    .get((req, res) => showStep(context, req, res, { what: 'drop', action: `${path}/drop-password` }))
    .post(formBody, (req, res) => dropThePassword(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/passkeys/:id/remove')
    .all(owners)
    .get((req, res) => askToRemove(context, req, res))
    .post(formBody, (req, res) => remove(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

const findOwn = ({ parts: { wall } }: Context, res: Response) =>
  wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({
      where: { id: ownerOf(res).id },
      select: {
        id: true,
        email: true,
        name: true,
        passwordHash: true,
        passkeys: {
          select: { id: true, name: true, createdAt: true, lastUsedAt: true },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        },
      },
    }),
  );

/** Keeps a new passkey that the browser has made. */
async function add(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language, path } = context;
  const { wall, clock, site } = parts;
  const owner = ownerOf(res);
  const body = readRegistration(req.body);
  const now = clock.now();
  const challenge = await takeChallenge(req, 'registration', now);
  const credential = readNewCredential(body.credential);
  const passkey =
    challenge !== null && credential
      ? await verifyRegistration(relyingPartyOf(site.publicUrl), challenge, credential)
      : null;
  const name = validatePasskeyName(body['passkey-name']) ?? nameOfDevice(language, req);
  if (!passkey || !(await wall.write(accountsViewer, (db) => addPasskey(db, owner, { ...passkey, name }, now))))
    return show(context, req, res, language.say('passkeys.refused'), 422);
  parts.accountChanged(owner.id);
  await renewLogin(parts, req);
  res.redirect(303, `${path}?done=added`);
}

const nameOfDevice = (language: Language, req: Request): string =>
  formatDevice(language, describeDevice(req.get('User-Agent')));

/** Begins to make one, once it is proved who sits there: the browser does its part next. */
async function beginRegistration(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language, path } = context;
  const { say } = language;
  const errors = await reauthenticateForChange(parts, req, ownerOf(res), readProof(req.body).current);
  if (errors) return showStep(context, req, res, { what: 'new', action: `${path}/new`, wrong: errors }, 422);
  const account = await findOwn(context, res);
  const options = await registrationOptions(
    relyingPartyOf(parts.site.publicUrl),
    language.siteName,
    account,
    account.passkeys.map(({ id }) => id),
  );
  await renewLogin(parts, req);
  beginCeremony(req, 'registration', options.challenge, parts.clock.now());
  const page: NewPasskeyPage = {
    frame: secondFactorFrame(language, req, res, SECTION),
    form: {
      action: path,
      ceremony: 'create',
      options: null,
      given: JSON.stringify(options),
      next: null,
      fields: formFields(language, { next: null, typed: { 'passkey-name': nameOfDevice(language, req) } }, [
        { name: 'passkey-name', type: 'text', autocomplete: 'off', hint: say('passkeys.name.hint') },
      ]),
      submit: say('passkeys.make.submit'),
    },
    back: path,
  };
  await renderSecondFactor(parts.site, language, req, res, SECTION, 'passkey-new', page);
}

async function dropThePassword(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language, path } = context;
  const owner = ownerOf(res);
  const errors = await reauthenticateForChange(parts, req, owner, readProof(req.body).current);
  if (errors) return showStep(context, req, res, { what: 'drop', action: `${path}/drop-password`, wrong: errors }, 422);
  if (!(await parts.wall.write(accountsViewer, (db) => dropPassword(db, owner, parts.clock.now()))))
    return show(context, req, res, language.say('passkeys.password.needed'), 422);
  parts.accountChanged(owner.id);
  await renewLogin(parts, req);
  res.redirect(303, `${path}?done=password-dropped`);
}

/** The passkey an address names. @throws Failure 404 when it is none of the owner's. */
async function named(context: Context, req: Request, res: Response) {
  const { passkeys } = await findOwn(context, res);
  const passkey = passkeys.find(({ id }) => nameInAddress(id) === req.params['id']);
  if (!passkey) throw notFound('a passkey of this account');
  return passkey;
}

const removal = ({ path }: Context, { id, name }: { readonly id: string; readonly name: string }) =>
  ({ what: 'remove', action: `${path}/${nameInAddress(id)}/remove`, values: { name } }) as const;

async function askToRemove(context: Context, req: Request, res: Response): Promise<void> {
  await showStep(context, req, res, removal(context, await named(context, req, res)));
}

async function remove(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language, path } = context;
  const owner = ownerOf(res);
  const passkey = await named(context, req, res);
  const errors = await reauthenticateForChange(parts, req, owner, readProof(req.body).current);
  if (errors) return showStep(context, req, res, { ...removal(context, passkey), wrong: errors }, 422);
  const outcome = await parts.wall.write(accountsViewer, (db) =>
    removePasskey(db, owner, passkey.id, parts.clock.now()),
  );
  if (outcome === 'unknown') throw notFound('a passkey of this account');
  if (outcome === 'last') return show(context, req, res, language.say('passkeys.last'), 422);
  parts.accountChanged(owner.id);
  await renewLogin(parts, req);
  res.redirect(303, `${path}?done=removed`);
}

async function show(
  context: Context,
  req: Request,
  res: Response,
  error: string | null = null,
  status = 200,
): Promise<void> {
  const { parts, language, path } = context;
  const { say } = language;
  const { passwordHash, passkeys } = await findOwn(context, res);
  const page: PasskeysPage = {
    frame: secondFactorFrame(language, req, res, SECTION),
    passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
      name,
      made: formatMoment(language, createdAt),
      used: lastUsedAt ? formatMoment(language, lastUsedAt) : say('account.tokens.never'),
      remove: `${path}/${nameInAddress(id)}/remove`,
      removeLabel: say('passkeys.remove.label', { name }),
    })),
    add: `${path}/new`,
    error,
    password: passwordPart(context, passwordHash !== null, passkeys.length > 0),
  };
  await renderSecondFactor(parts.site, language, req, res, SECTION, 'passkeys', page, status);
}

/** Whether there is a password, and the way to do without one or to choose one. */
function passwordPart(
  { language: { say, prefix }, path }: Context,
  hasPassword: boolean,
  hasPasskey: boolean,
): PasskeysPage['password'] {
  if (!hasPassword)
    return {
      text: say('passkeys.password.none'),
      way: { label: say('passkeys.password.choose'), href: `${prefix}/reset` },
    };
  if (!hasPasskey) return { text: say('passkeys.password.needed'), way: null };
  return {
    text: say('passkeys.password.can'),
    way: { label: say('passkeys.drop.submit'), href: `${path}/drop-password` },
  };
}

interface Step {
  /** Its phrases begin with `passkeys.` and this. */
  readonly what: 'new' | 'remove' | 'drop';
  readonly action: string;
  readonly values?: { readonly name?: string };
  readonly wrong?: FieldErrors;
}

/** A page that says what is about to be done, and asks who sits there. */
async function showStep(
  { parts, language, path }: Context,
  req: Request,
  res: Response,
  { what, action, values = {}, wrong: errors = {} }: Step,
  status = 200,
): Promise<void> {
  const { say } = language;
  const proof = await reauthenticationForm(parts, language, req, ownerOf(res).id, action);
  const page: PasskeyStepPage = {
    frame: secondFactorFrame(language, req, res, SECTION),
    heading: say(`passkeys.${what}.heading`, values),
    text: say(`passkeys.${what}.text`),
    form: proof.fields && {
      action,
      fields: formFields(language, { next: null, wrong: errors }, proof.fields),
      submit: say(`passkeys.${what}.submit`),
    },
    prove: proof.passkey,
    back: path,
  };
  await renderSecondFactor(parts.site, language, req, res, SECTION, 'passkey-step', page, status);
}

/** What stands for a passkey in an address: addresses are in lower case, and a credential's id is not. */
const nameInAddress = hashOfToken;

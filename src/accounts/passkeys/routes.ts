import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { renewSession } from '../../http/renew-session';
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

const ROOM: SecondFactorSection = { name: 'passkeys', done: ['added', 'removed', 'password-dropped'] };

/** `/account/passkeys`: registered, named, removed; and an account without a password. */
export function passkeyRoutes(parts: AccountParts, language: Language): Router {
  const { site, wall, clock, changed } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const path = `${prefix}/account/passkeys`;
  const party = relyingPartyOf(site.publicUrl);
  const owners = ownerOnly(language);

  const find = (res: Response) =>
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

  const show = async (req: Request, res: Response, error: string | null = null, status = 200) => {
    const { passwordHash, passkeys } = await find(res);
    const can = passwordHash !== null && passkeys.length > 0;
    const page: PasskeysPage = {
      frame: secondFactorFrame(language, req, res, ROOM),
      passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
        name,
        made: formatMoment(language, createdAt),
        used: lastUsedAt ? formatMoment(language, lastUsedAt) : say('account.tokens.never'),
        remove: `${path}/${nameInAddress(id)}/remove`,
        removeLabel: say('passkeys.remove.label', { name }),
      })),
      add: `${path}/new`,
      error,
      password: {
        text: say(
          passwordHash === null ? 'passkeys.password.none' : can ? 'passkeys.password.can' : 'passkeys.password.needed',
        ),
        way: can
          ? { label: say('passkeys.drop.submit'), href: `${path}/drop-password` }
          : passwordHash === null
            ? { label: say('passkeys.password.choose'), href: `${prefix}/reset` }
            : null,
      },
    };
    await renderSecondFactor(site, language, req, res, ROOM, 'passkeys', page, status);
  };

  /** A page that says what is about to be done, under `passkeys.<what>`, and asks who sits there. */
  const step = async (
    req: Request,
    res: Response,
    what: 'new' | 'remove' | 'drop',
    action: string,
    values: { readonly name?: string } = {},
    wrong: FieldErrors = {},
    status = 200,
  ) => {
    const proof = await reauthenticationForm(parts, language, req, ownerOf(res).id, action);
    const page: PasskeyStepPage = {
      frame: secondFactorFrame(language, req, res, ROOM),
      heading: say(`passkeys.${what}.heading`, values),
      text: say(`passkeys.${what}.text`),
      form: proof.fields && {
        action,
        fields: formFields(language, { next: null, wrong }, proof.fields),
        submit: say(`passkeys.${what}.submit`),
      },
      prove: proof.passkey,
      back: path,
    };
    await renderSecondFactor(site, language, req, res, ROOM, 'passkey-step', page, status);
  };

  router
    .route('/account/passkeys')
    .all(owners)
    .get((req, res) => show(req, res))
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const body = readRegistration(req.body);
      const now = clock.now();
      const challenge = await takeChallenge(req, 'registration', now);
      const credential = readNewCredential(body.credential);
      const passkey = challenge !== null && credential ? await verifyRegistration(party, challenge, credential) : null;
      const name =
        validatePasskeyName(body['passkey-name']) ?? formatDevice(language, describeDevice(req.get('User-Agent')));
      if (!passkey || !(await wall.write(accountsViewer, (db) => addPasskey(db, owner, { ...passkey, name }, now))))
        return show(req, res, say('passkeys.refused'), 422);
      changed(owner.id);
      await renewSession(req);
      res.redirect(303, `${path}?done=added`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/account/passkeys/new')
    .all(owners)
    .get((req, res) => step(req, res, 'new', `${path}/new`))
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const wrong = await reauthenticateForChange(parts, req, owner, readProof(req.body).current);
      if (wrong) return step(req, res, 'new', `${path}/new`, {}, wrong, 422);
      const account = await find(res);
      const options = await registrationOptions(
        party,
        language.siteName,
        account,
        account.passkeys.map(({ id }) => id),
      );
      await renewSession(req);
      beginCeremony(req, 'registration', options.challenge, clock.now());
      const page: NewPasskeyPage = {
        frame: secondFactorFrame(language, req, res, ROOM),
        form: {
          action: path,
          ceremony: 'create',
          options: null,
          given: JSON.stringify(options),
          next: null,
          fields: formFields(
            language,
            { next: null, typed: { 'passkey-name': formatDevice(language, describeDevice(req.get('User-Agent'))) } },
            [{ name: 'passkey-name', type: 'text', autocomplete: 'off', hint: say('passkeys.name.hint') }],
          ),
          submit: say('passkeys.make.submit'),
        },
        back: path,
      };
      await renderSecondFactor(site, language, req, res, ROOM, 'passkey-new', page);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/account/passkeys/drop-password')
    .all(owners)
    .get((req, res) => step(req, res, 'drop', `${path}/drop-password`))
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const wrong = await reauthenticateForChange(parts, req, owner, readProof(req.body).current);
      if (wrong) return step(req, res, 'drop', `${path}/drop-password`, {}, wrong, 422);
      if (!(await wall.write(accountsViewer, (db) => dropPassword(db, owner, clock.now()))))
        return show(req, res, say('passkeys.password.needed'), 422);
      changed(owner.id);
      await renewSession(req);
      res.redirect(303, `${path}?done=password-dropped`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  /** The passkey an address names. @throws Failure 404 when it is none of the owner's. */
  const named = async (req: Request, res: Response) => {
    const passkey = (await find(res)).passkeys.find(({ id }) => nameInAddress(id) === req.params['id']);
    if (!passkey) throw notFound('a passkey of this account');
    return passkey;
  };

  router
    .route('/account/passkeys/:id/remove')
    .all(owners)
    .get(async (req, res) => {
      const { id, name } = await named(req, res);
      await step(req, res, 'remove', `${path}/${nameInAddress(id)}/remove`, { name });
    })
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const { id, name } = await named(req, res);
      const wrong = await reauthenticateForChange(parts, req, owner, readProof(req.body).current);
      if (wrong) return step(req, res, 'remove', `${path}/${nameInAddress(id)}/remove`, { name }, wrong, 422);
      const outcome = await wall.write(accountsViewer, (db) => removePasskey(db, owner, id, clock.now()));
      if (outcome === 'unknown') throw notFound('a passkey of this account');
      if (outcome === 'last') return show(req, res, say('passkeys.last'), 422);
      changed(owner.id);
      await renewSession(req);
      res.redirect(303, `${path}?done=removed`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** What stands for a passkey in an address: addresses are in lower case, and a credential's id is not. */
const nameInAddress = hashOfToken;

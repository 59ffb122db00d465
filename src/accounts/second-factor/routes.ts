import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { renewSession } from '../../http/renew-session';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { Limit } from '../../stores/limits';
import type { FieldErrors } from '../forms';
import { ownerOf, ownerOnly } from '../own/owner';
import type { AccountParts } from '../own/parts';
import { formatMoment } from '../own/format';
import { formFields } from '../pages';
import { codeFault, readChange, readCode, readStart } from './forms';
import type { RecoveryCodesPage, SecondFactorPage, SetUpPage } from './page-types';
import { reauthenticationForm, reauthenticateForChange } from './reauthenticate';
import { drawQr } from './qr';
import type { SecretSealer } from './secret';
import { secondFactorFrame, renderSecondFactor, type SecondFactorSection } from './render';
import { newTotpSecret, stepOf, totpAddress } from './totp';
import { renewCodes, disableTotp, enableTotp } from './enable';

const ROOM: SecondFactorSection = { name: 'second-factor', done: ['off'] };

/** Milliseconds for which a secret that is being set up waits for its first code. */
const SETTING_UP = 15 * 60_000;

/** `/account/second-factor`: set up, recovery codes, turned off. */
export function secondFactorRoutes(
  parts: AccountParts & { readonly codes: Limit; readonly secrets: SecretSealer },
  language: Language,
): Router {
  const { site, wall, clock, changed, codes, secrets } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const path = `${prefix}/account/second-factor`;

  const codeField = (hint: string) => ({ name: 'code', type: 'text', autocomplete: 'one-time-code', hint }) as const;

  const show = async (
    req: Request,
    res: Response,
    wrong: FieldErrors = {},
    status = 200,
    error: string | null = null,
  ) => {
    const { id } = ownerOf(res);
    const account = await wall.read(accountsViewer, (db) =>
      db.account.findUniqueOrThrow({
        where: { id },
        select: { totpConfirmedAt: true, recoveryCodes: { where: { usedAt: null }, select: { hash: true } } },
      }),
    );
    const { role, appointed } = res.locals.reader.account!;
    const on = account.totpConfirmedAt;
    const proof = await reauthenticationForm(parts, language, req, id, path);
    const page: SecondFactorPage = {
      frame: secondFactorFrame(language, req, res, ROOM),
      heed: appointed === role ? null : say('second-factor.staff', { role: say(`account.role.${appointed}`) }),
      on: on && {
        since: say('second-factor.since', { moment: formatMoment(language, on) }),
        left: say('second-factor.left', { n: account.recoveryCodes.length }),
        off: `${path}/off`,
      },
      form: proof.fields && {
        action: on ? `${path}/codes` : `${path}/start`,
        fields: formFields(language, { next: null, wrong }, [
          ...(on ? [codeField(say('form.code.hint'))] : []),
          ...proof.fields,
        ]),
        submit: say(on ? 'second-factor.codes.submit' : 'second-factor.start.submit'),
      },
      prove: proof.passkey,
      error,
    };
    await renderSecondFactor(site, language, req, res, ROOM, 'second-factor', page, status);
  };

  const showSetUp = async (req: Request, res: Response, secret: string, wrong: FieldErrors = {}, status = 200) => {
    const { email } = await wall.read(accountsViewer, (db) =>
      db.account.findUniqueOrThrow({ where: { id: ownerOf(res).id }, select: { email: true } }),
    );
    const address = totpAddress(secret, language.siteName, email);
    const page: SetUpPage = {
      frame: secondFactorFrame(language, req, res, ROOM),
      qr: drawQr(address),
      secret: secret.match(/.{1,4}/g)!.join(' '),
      address,
      form: {
        action: `${path}/confirm`,
        fields: formFields(language, { next: null, wrong }, [codeField(say('second-factor.first-code.hint'))]),
        submit: say('second-factor.confirm.submit'),
      },
      back: path,
    };
    await renderSecondFactor(site, language, req, res, ROOM, 'second-factor-set-up', page, status);
  };

  const showCodes = (req: Request, res: Response, made: readonly string[]) => {
    const page: RecoveryCodesPage = { frame: secondFactorFrame(language, req, res, ROOM), codes: made, back: path };
    return renderSecondFactor(site, language, req, res, ROOM, 'second-factor-codes', page, 201);
  };

  /** What a form that asks for a code and a proof says, once it is proved; null when it was answered already. */
  const proved = async (req: Request, res: Response): Promise<string | null> => {
    const owner = ownerOf(res);
    const { code, current } = readChange(req.body);
    const wrong = {
      ...(code.trim() === '' ? codeFault(code) : {}),
      ...(await reauthenticateForChange(parts, req, owner, current)),
    };
    if (Object.keys(wrong).length > 0) return show(req, res, wrong, 422).then(() => null);
    const wait = await codes.take(owner.id, attemptsOf(res));
    if (wait === null) return code;
    res.setHeader('Retry-After', String(wait));
    return show(req, res, {}, 429, say('form.limited', { n: Math.ceil(wait / 60) })).then(() => null);
  };

  router
    .route('/account/second-factor')
    .all(ownerOnly(language))
    .get((req, res) => show(req, res))
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/account/second-factor/start')
    .all(ownerOnly(language))
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const { current } = readStart(req.body);
      const wrong = await reauthenticateForChange(parts, req, owner, current);
      if (wrong) return show(req, res, wrong, 422);
      const { totpConfirmedAt } = await wall.read(accountsViewer, (db) =>
        db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { totpConfirmedAt: true } }),
      );
      if (totpConfirmedAt) return res.redirect(303, path);
      const secret = newTotpSecret();
      // Into this session alone: another login of the account must not see it.
      await renewSession(req);
      req.session.settingUp = { secret, at: clock.now().getTime() };
      await showSetUp(req, res, secret);
    })
    .all(onlyMethods('POST'));

  router
    .route('/account/second-factor/confirm')
    .all(ownerOnly(language))
    .post(formBody, async (req, res) => {
      const { code } = readCode(req.body);
      const now = clock.now();
      const { settingUp } = req.session;
      if (!settingUp || now.getTime() - settingUp.at >= SETTING_UP) return res.redirect(303, path);
      const step = stepOf(settingUp.secret, code.replace(/\s/g, ''), now);
      if (step === null) return showSetUp(req, res, settingUp.secret, codeFault(code), 422);
      const owner = ownerOf(res);
      const made = await wall.write(accountsViewer, (db) =>
        enableTotp(db, secrets, owner, settingUp.secret, step, now),
      );
      if (!made) throw new Failure(409, 'the second factor was turned on meanwhile');
      changed(owner.id);
      await renewSession(req);
      await showCodes(req, res, made);
    })
    .all(onlyMethods('POST'));

  router
    .route('/account/second-factor/codes')
    .all(ownerOnly(language))
    .post(formBody, async (req, res) => {
      const code = await proved(req, res);
      if (code === null) return;
      const owner = ownerOf(res);
      const made = await wall.write(accountsViewer, (db) => renewCodes(db, secrets, owner, code, clock.now()));
      if (!made) return show(req, res, codeFault(code), 422);
      await codes.forget(owner.id);
      await showCodes(req, res, made);
    })
    .all(onlyMethods('POST'));

  router
    .route('/account/second-factor/off')
    .all(ownerOnly(language))
    .post(formBody, async (req, res) => {
      const code = await proved(req, res);
      if (code === null) return;
      const owner = ownerOf(res);
      if (!(await wall.write(accountsViewer, (db) => disableTotp(db, secrets, owner, code, clock.now()))))
        return show(req, res, codeFault(code), 422);
      await codes.forget(owner.id);
      changed(owner.id);
      await renewSession(req);
      res.redirect(303, `${path}?done=off`);
    })
    .all(onlyMethods('POST'));
  return router;
}

import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { askEmailChange } from '../actions/ask-email-change';
import type { FieldErrors } from '../forms';
import { formFields } from '../pages';
import { readEmailChange, readProfile, validateEmailChange, validateProfile } from './forms';
import { accountFrame, sectionPath, renderSection } from './frame';
import { ownerOf } from './owner';
import type { ProfilePage } from './page-types';
import type { AccountParts } from './parts';
import { reauthenticate } from './reauthenticate';
import { formatMoment, sayRefusedMail } from './format';

interface State {
  readonly typed?: Readonly<Record<string, string>>;
  readonly wrong?: FieldErrors;
}

/** `/account/profile`: the name, the language of letters, and the address. */
export function profileRoutes(parts: AccountParts, language: Language): Router {
  const { site, wall, clock, limits, changed } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const path = '/account/profile';

  const show = async (req: Request, res: Response, { typed = {}, wrong = {} }: State = {}, status = 200) => {
    const { id } = ownerOf(res);
    const now = clock.now();
    const account = await wall.read(accountsViewer, (db) =>
      db.account.findUniqueOrThrow({
        where: { id },
        select: {
          name: true,
          email: true,
          lang: true,
          verifiedAt: true,
          mailRefusedAt: true,
          mailRefusal: true,
          links: {
            where: { purpose: 'change_email', usedAt: null, expiresAt: { gt: now } },
            select: { email: true, expiresAt: true },
          },
        },
      }),
    );
    const state = { next: null, typed: { name: account.name, ...typed }, wrong };
    const [pending] = account.links;
    const page: ProfilePage = {
      frame: accountFrame(language, req, res, 'profile'),
      profile: {
        action: `${prefix}${path}`,
        fields: formFields(language, state, [{ name: 'name', type: 'text', autocomplete: 'name', hint: null }]),
        submit: say('account.save'),
      },
      languages: site.languages.all.map(({ code, name }) => ({
        code,
        name,
        selected: code === (typed['lang'] ?? account.lang),
      })),
      address: {
        email: account.email,
        state: say(account.verifiedAt ? 'account.address.verified' : 'account.address.unverified'),
        verify:
          account.verifiedAt && account.mailRefusedAt === null
            ? null
            : {
                action: `${prefix}/account/verify`,
                label: say(account.verifiedAt ? 'account.address.try' : 'account.verify.submit'),
              },
        refused: sayRefusedMail(language, account),
        pending: pending?.email
          ? say('account.address.pending', { email: pending.email, until: formatMoment(language, pending.expiresAt) })
          : null,
      },
      email: {
        action: `${prefix}/account/email`,
        fields: formFields(language, state, [
          { name: 'email', type: 'email', autocomplete: 'email', hint: null },
          { name: 'current', type: 'password', autocomplete: 'current-password', hint: null },
        ]),
        submit: say('account.email.submit'),
      },
    };
    await renderSection(site, language, req, res, 'profile', 'profile', page, status);
  };

  router
    .route(path)
    .get((req, res) => show(req, res))
    .post(formBody, async (req, res) => {
      const body = readProfile(req.body);
      const understood = validateProfile(
        body,
        site.languages.all.map(({ code }) => code),
      );
      if ('wrong' in understood) return show(req, res, { typed: body, wrong: understood.wrong }, 422);
      const { id } = ownerOf(res);
      await wall.write(accountsViewer, (db) =>
        db.account.update({ where: { id }, data: understood.values, select: { id: true } }),
      );
      changed(id);
      res.redirect(303, sectionPath(language, 'profile', 'profile-saved'));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/account/email')
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const { email, current } = readEmailChange(req.body);
      const account = await wall.read(accountsViewer, (db) =>
        db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { email: true } }),
      );
      const understood = validateEmailChange(email, account.email);
      if ('wrong' in understood) return show(req, res, { typed: { email }, wrong: understood.wrong }, 422);
      const proof = await reauthenticate(parts, req, owner, current, true);
      if (proof.fault !== null)
        return show(
          req,
          res,
          {
            typed: { email },
            wrong: { current: proof.fault === 'missing' ? 'form.wrong.current.missing' : 'form.wrong.current' },
          },
          422,
        );
      const wait = await limits.tryLetter(owner.id, attemptsOf(res));
      if (wait !== null) throw new Failure(429, 'too many letters', { headers: { 'Retry-After': String(wait) } });
      await wall.write(accountsViewer, (db) => askEmailChange(db, owner, understood.values.email, clock.now()));
      res.redirect(303, sectionPath(language, 'profile', 'email-asked'));
    })
    .all(onlyMethods('POST'));
  return router;
}

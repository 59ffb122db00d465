import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withinLimit } from '../../http/too-many-requests';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { askEmailChange } from '../actions/ask-email-change';
import type { FieldErrors } from '../forms';
import { formFields } from '../pages';
import { readEmailChange, readProfile, validateEmailChange, validateProfile } from './forms';
import { accountFrame, sectionPath, renderSection } from './frame';
import { ownerOf } from './owner';
import type { ProfilePage } from './page-types';
import type { AccountParts } from './parts';
import { passwordErrors, reauthenticate } from './reauthenticate';
import { formatMoment, sayRefusedMail } from './format';

interface State {
  readonly typed?: Readonly<Record<string, string>>;
  readonly wrong?: FieldErrors;
}

interface Context {
  readonly parts: AccountParts;
  readonly language: Language;
}

const PATH = '/account/profile';

/** `/account/profile`: the name, the language of letters, and the address. */
export function profileRoutes(parts: AccountParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(PATH)
    .get((req, res) => show(context, req, res))
    .post(formBody, (req, res) => save(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/email')
    .post(formBody, (req, res) => changeEmail(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function save(context: Context, req: Request, res: Response): Promise<void> {
  const { site, wall, accountChanged } = context.parts;
  const body = readProfile(req.body);
  const codes = site.languages.all.map(({ code }) => code);
  const validated = validateProfile(body, codes);
  if ('wrong' in validated) return show(context, req, res, { typed: body, wrong: validated.wrong }, 422);
  const { id } = ownerOf(res);
  await wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id }, data: validated.values, select: { id: true } }),
  );
  accountChanged(id);
  res.redirect(303, sectionPath(context.language, 'profile', 'profile-saved'));
}

async function changeEmail(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, clock, limits } = parts;
  const owner = ownerOf(res);
  const { email, current } = readEmailChange(req.body);
  const typed = { email };
  const account = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { email: true } }),
  );
  const validated = validateEmailChange(email, account.email);
  if ('wrong' in validated) return show(context, req, res, { typed, wrong: validated.wrong }, 422);
  const proof = await reauthenticate(parts, req, owner, current, true);
  if (proof.fault !== null) return show(context, req, res, { typed, wrong: passwordErrors(proof.fault) }, 422);
  await withinLimit(limits.tryLetter(owner.id, attemptsOf(res)), 'letters');
  await wall.write(accountsViewer, (db) => askEmailChange(db, owner, validated.values.email, clock.now()));
  res.redirect(303, sectionPath(language, 'profile', 'email-asked'));
}

type ProfileRead = Awaited<ReturnType<typeof readProfileOf>>;

const readProfileOf = (db: WallTransaction, id: string, now: Date) =>
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
  });

async function show(
  { parts: { site, wall, clock }, language }: Context,
  req: Request,
  res: Response,
  { typed = {}, wrong: errors = {} }: State = {},
  status = 200,
): Promise<void> {
  const { say, prefix } = language;
  const now = clock.now();
  const account = await wall.read(accountsViewer, (db) => readProfileOf(db, ownerOf(res).id, now));
  const state = { next: null, typed: { name: account.name, ...typed }, wrong: errors };
  const page: ProfilePage = {
    frame: accountFrame(language, req, res, 'profile'),
    profile: {
      action: `${prefix}${PATH}`,
      fields: formFields(language, state, [{ name: 'name', type: 'text', autocomplete: 'name', hint: null }]),
      submit: say('account.save'),
    },
    languages: site.languages.all.map(({ code, name }) => ({
      code,
      name,
      selected: code === (typed['lang'] ?? account.lang),
    })),
    address: addressPart(language, account),
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
}

/** The address there is, whether it is confirmed, and the one it is to become. */
function addressPart(language: Language, account: ProfileRead): ProfilePage['address'] {
  const { say, prefix } = language;
  const { email, verifiedAt, mailRefusedAt } = account;
  const [pending] = account.links;
  return {
    email,
    state: say(verifiedAt ? 'account.address.verified' : 'account.address.unverified'),
    verify:
      verifiedAt && mailRefusedAt === null
        ? null
        : {
            action: `${prefix}/account/verify`,
            label: say(verifiedAt ? 'account.address.try' : 'account.verify.submit'),
          },
    refused: sayRefusedMail(language, account),
    pending: pending?.email
      ? say('account.address.pending', { email: pending.email, until: formatMoment(language, pending.expiresAt) })
      : null,
  };
}

import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../access/viewer';
import { hashPassword } from '../accounts/credentials/passwords';
import { readJoin, validateJoin, type FieldErrors } from '../accounts/forms';
import { completeLogin } from '../accounts/login/complete-login';
import { codeFault, readCode } from '../accounts/second-factor/forms';
import { drawQr } from '../accounts/second-factor/qr';
import { newTotpSecret, stepOf, totpAddress } from '../accounts/second-factor/totp';
import { withQuery } from '../admin/fields';
import { onlyMethods } from '../http/errors';
import { formBody } from '../http/form';
import { notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { networkOf } from '../lib/network';
import { keepDraft, makeFirstAdmin, readDraft, type AdminDraft } from './first-admin';
import type { SetupParts } from './parts';
import { SETUP_ACTOR } from './publication';
import { renderSetup, setupField, stepPage } from './render';
import { requireSetup } from './start';

/** `/setup/admin` and `/setup/factor`: the first admin, who comes to be together with their second factor. */
export function firstAdminRoutes(parts: SetupParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/setup/admin')
    .get((req, res) => open(parts, language, req, res))
    .post(formBody, (req, res) => keep(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/setup/factor')
    .get((req, res) => openFactor(parts, language, req, res))
    .post(formBody, (req, res) => confirm(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function open(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const draft = readDraft((await requireSetup(parts, req, res)).draft);
  await show(parts, language, req, res, { name: draft?.name ?? '', email: draft?.email ?? '' });
}

async function keep(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const { wall, secrets } = parts;
  await requireSetup(parts, req, res);
  const body = readJoin(req.body);
  const validated = validateJoin(body, language.siteName);
  if ('wrong' in validated) return show(parts, language, req, res, body, validated.wrong);
  const { name, email, password } = validated.values;
  const id = randomUUID();
  const secret = secrets.seal(newTotpSecret(), id);
  const typed: AdminDraft = { id, name, email, passwordHash: await hashPassword(password), secret };
  if (!(await wall.write(accountsViewer, (db) => keepDraft(db, req.session.setup ?? '', typed))))
    throw notFound('a setup');
  res.redirect(303, `${language.prefix}/setup/factor`);
}

async function show(
  parts: SetupParts,
  language: Language,
  req: Request,
  res: Response,
  typed: { readonly name: string; readonly email: string },
  errors: FieldErrors = {},
): Promise<void> {
  const { say, prefix } = language;
  const error = (field: string) => ({ error: errors[field] === undefined ? null : say(errors[field]) });
  const page = stepPage(language, 'admin', {
    form: {
      action: `${prefix}/setup/admin`,
      ...{ hidden: [], checks: null, buttons: [{ label: say('setup.next'), value: 'next', quiet: false }] },
      fields: [
        {
          ...setupField(language, 'name', 'text', typed.name, error('name')),
          label: say('form.name'),
          autocomplete: 'name',
        },
        setupField(language, 'email', 'email', typed.email, { ...error('email'), autocomplete: 'email' }),
        setupField(language, 'password', 'password', '', {
          ...error('password'),
          ...{ autocomplete: 'new-password', hint: say('form.password.hint') },
        }),
      ],
    },
  });
  await renderSetup(parts, language, req, res, page, Object.keys(errors).length > 0 ? 422 : 200);
}

/** What is typed of the admin; null where they are not that far. */
async function draftOf(
  parts: SetupParts,
  req: Request,
  res: Response,
): Promise<(AdminDraft & { readonly plain: string }) | null> {
  const draft = readDraft((await requireSetup(parts, req, res)).draft);
  const plain = draft && parts.secrets.open(draft.secret, draft.id);
  return draft && plain ? { ...draft, plain } : null;
}

async function openFactor(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const draft = await draftOf(parts, req, res);
  if (!draft) return res.redirect(303, `${language.prefix}/setup/admin`);
  await showFactor(parts, language, req, res, draft);
}

async function confirm(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const { wall, clock } = parts;
  const draft = await draftOf(parts, req, res);
  if (!draft) return res.redirect(303, `${language.prefix}/setup/admin`);
  const { code } = readCode(req.body);
  const at = clock.now();
  const step = stepOf(draft.plain, code.replace(/\s/g, ''), at);
  if (step === null) return showFactor(parts, language, req, res, draft, codeFault(code));
  const by = { actor: SETUP_ACTOR, from: { network: networkOf(req.ip), requestId: randomUUID() } };
  const made = await wall.write(accountsViewer, (db) =>
    makeFirstAdmin(db, { session: req.session.setup ?? '', lang: language.code, step, at, by }),
  );
  if (made === 'gone') throw notFound('a setup');
  if (made === 'taken') {
    await wall.write(accountsViewer, (db) => keepDraft(db, req.session.setup ?? '', null));
    return show(parts, language, req, res, draft, { email: 'setup.wrong.taken' });
  }
  // There is an admin now, whatever becomes of their login: the codes are shown this once.
  const isIn = await completeLogin({ ...parts, accountChanged: parts.accountChanged }, req, res, { id: made.id }).then(
    () => true,
    (error: unknown) => {
      parts.log.warn({ err: error }, 'the first admin was made, and could not be logged in');
      return false;
    },
  );
  const content = `${language.prefix}/setup/content`;
  const page = stepPage(language, 'admin', {
    heading: language.say('second-factor.codes'),
    paragraphs: [language.say('second-factor.codes.intro')],
    codes: made.codes,
    next: {
      label: language.say('second-factor.codes.kept'),
      href: isIn ? content : withQuery(`${language.prefix}/login`, { next: content }),
    },
  });
  await renderSetup(parts, language, req, res, page, 201);
}

async function showFactor(
  parts: SetupParts,
  language: Language,
  req: Request,
  res: Response,
  { plain, email }: { readonly plain: string; readonly email: string },
  errors: FieldErrors = {},
): Promise<void> {
  const { say, prefix } = language;
  const address = totpAddress(plain, language.siteName, email);
  const page = stepPage(language, 'admin', {
    heading: say('second-factor.secret'),
    paragraphs: [say('second-factor.secret.intro')],
    factor: { qr: drawQr(address), secret: plain.match(/.{1,4}/g)!.join(' '), address },
    form: {
      action: `${prefix}/setup/factor`,
      ...{ hidden: [], checks: null },
      fields: [
        setupField(language, 'code', 'text', '', {
          ...{ autocomplete: 'one-time-code', hint: say('second-factor.first-code.hint') },
          error: errors['code'] === undefined ? null : say(errors['code']),
        }),
      ],
      buttons: [{ label: say('setup.next'), value: 'next', quiet: false }],
    },
  });
  await renderSetup(parts, language, req, res, page, Object.keys(errors).length > 0 ? 422 : 200);
}

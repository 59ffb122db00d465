import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../access/viewer';
import { parseBody } from '../accounts/forms';
import { askStripe } from '../admin/billing/stripe-result';
import { staffOf, staffOnly } from '../admin/staff';
import { onlyMethods } from '../http/errors';
import { formBody } from '../http/form';
import type { Language } from '../lib/language';
import { refusalOf } from '../mail/refusal';
import type { SetupPage } from './page-types';
import type { SetupParts } from './parts';
import { renderSetup, stepPage } from './render';

type Results = SetupPage['results'];

const chosen = z.object({ do: z.enum(['letter', 'payments']) });

/** `/setup/services`: whether letters arrive and who is paid, asked on the spot; both can wait. */
export function serviceRoutes(parts: SetupParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/setup/services')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(parts, language, req, res, []))
    .post(formBody, (req, res) => check(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function check(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const { do: choice } = parseBody(chosen, req.body);
  const results = choice === 'letter' ? await tryLetter(parts, language, res) : await askPayments(parts, language);
  await show(parts, language, req, res, results);
}

async function tryLetter({ wall, checks, log }: SetupParts, { say, code }: Language, res: Response): Promise<Results> {
  if (checks.sendTest === null) return [{ text: say('setup.services.mail.kept'), good: false }];
  const { email } = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: staffOf(res).id }, select: { email: true } }),
  );
  try {
    await checks.sendTest(email, code);
    return [{ text: say('setup.services.mail.sent', { email }), good: true }];
  } catch (error) {
    log.warn({ why: refusalOf(error).why }, 'the test letter was not taken');
    return [{ text: say('setup.services.mail.refused', { why: refusalOf(error).why }), good: false }];
  }
}

async function askPayments({ checks }: SetupParts, { say }: Language): Promise<Results> {
  if (checks.paymentAccount === null) return [{ text: say('setup.services.payments.sandbox'), good: false }];
  const answer = await askStripe(checks.paymentAccount);
  if (answer.is === 'answered')
    return [{ text: say('setup.services.payments.account', { name: answer.it }), good: true }];
  if (answer.is === 'away') return [{ text: say('setup.services.payments.away'), good: false }];
  return [{ text: say('setup.services.payments.refused', { why: answer.why }), good: false }];
}

async function show(
  parts: SetupParts,
  language: Language,
  req: Request,
  res: Response,
  results: Results,
): Promise<void> {
  const { say, prefix } = language;
  const page = stepPage(language, 'services', {
    results,
    form: {
      action: `${prefix}/setup/services`,
      ...{ hidden: [], fields: [], checks: null },
      buttons: [
        { label: say('setup.services.letter'), value: 'letter', quiet: true },
        { label: say('setup.services.payments'), value: 'payments', quiet: true },
      ],
    },
    next: {
      label: say(results.length > 0 ? 'setup.services.done' : 'setup.services.later'),
      href: `${prefix}/admin`,
    },
  });
  await renderSetup(parts, language, req, res, page);
}

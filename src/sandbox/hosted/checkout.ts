import { Router, type Request, type Response } from 'express';
import type Stripe from 'stripe';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { StripeFailure } from '../failure';
import { cardField } from './cards';
import { checkoutPage, promotionOf, type Typed } from './checkout-page';
import { languageOf, show, type PageParts } from './frame';
import type { AuthenticationPage, NoticePage } from './page-types';
import { read } from './read';
import { formsMayLeadTo } from './security';

const form = z.strictObject({
  card: cardField,
  email: z.string().trim().max(254).default(''),
  code: z.string().trim().max(64).default(''),
  authenticated: z.enum(['yes', 'no']).optional(),
});

/** `/c/pay/:id`, the checkout: what is bought, a test card, and back to the shop. */
export function checkoutRoutes(parts: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { world, acts } = parts.sandbox;
  const sessionOf = (req: Request): Stripe.Checkout.Session => {
    const found = world.checkoutSessions.get(String(req.params['id']));
    if (!found) throw notFound('a checkout');
    return found;
  };

  router
    .route('/c/pay/:id')
    .get(async (req, res) => {
      const session = sessionOf(req);
      const language = languageOf(parts, req, session.locale);
      if (session.status !== 'open') return ended(parts, res, language, session);
      const code = typeof req.query['code'] === 'string' ? req.query['code'].trim() : '';
      const email = typeof req.query['email'] === 'string' ? req.query['email'] : '';
      await open(parts, res, language, session, { email, code, card: 'good', error: null, emailError: null });
    })
    .post(formBody, async (req, res) => {
      const session = sessionOf(req);
      const language = languageOf(parts, req, session.locale);
      // Pressed twice: the first has paid, and leads where the second would.
      if (session.status === 'complete' && session.success_url) return res.redirect(303, filled(session));
      if (session.status !== 'open') return ended(parts, res, language, session);
      const { card, email, code, authenticated } = read(form, req);
      const typed: Typed = { card, email, code, error: null, emailError: null };
      const refused = (values: Partial<Typed>) =>
        open(parts, res.status(422), language, session, { ...typed, ...values });
      if (!knownEmail(parts, session) && !z.email().safeParse(email).success)
        return refused({ emailError: language.say('sandbox.pay.email-wrong') });
      if (code !== '' && !promotionOf(world, session, code)) return refused({});
      try {
        const answer = acts.payCheckout(session.id, {
          card,
          ...(email === '' ? {} : { email }),
          ...(code === '' ? {} : { promotionCode: code }),
          ...(authenticated === undefined ? {} : { authenticated: authenticated === 'yes' }),
        });
        if (answer.outcome === 'authenticate') return authenticate(parts, res, language, session, typed);
        if (answer.outcome === 'declined')
          return refused({
            error: language.say(`sandbox.pay.${authenticated === 'no' ? 'not-authenticated' : 'declined'}`, {
              message: answer.message,
            }),
          });
        if (session.success_url) return res.redirect(303, filled(session));
        return ended(parts, res, language, session);
      } catch (error) {
        if (!(error instanceof StripeFailure)) throw error;
        return refused({ error: error.message });
      }
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

const filled = ({ success_url: url, id }: Stripe.Checkout.Session): string =>
  (url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', id);

/** The address Stripe already has, which the customer cannot change here. */
export function knownEmail(
  { sandbox: { world } }: Pick<PageParts, 'sandbox'>,
  { customer, customer_email: email }: Stripe.Checkout.Session,
): string | null {
  const found = typeof customer === 'string' ? world.customers.get(customer) : null;
  return (found && !found.deleted ? found.email : null) ?? email;
}

async function open(
  parts: PageParts,
  res: Response,
  language: Language,
  session: Stripe.Checkout.Session,
  typed: Typed,
): Promise<void> {
  formsMayLeadTo(res, [session.success_url, session.cancel_url]);
  const page = checkoutPage(parts, language, session, knownEmail(parts, session), typed);
  await show(parts, res, language, 'checkout', page.heading, page);
}

async function authenticate(
  parts: PageParts,
  res: Response,
  language: Language,
  session: Stripe.Checkout.Session,
  { card, email, code }: Typed,
): Promise<void> {
  formsMayLeadTo(res, [session.success_url]);
  const { say } = language;
  const page: AuthenticationPage = {
    heading: say('sandbox.bank.heading'),
    text: say('sandbox.bank.text'),
    action: `/c/pay/${session.id}`,
    fields: [
      { name: 'card', value: card },
      { name: 'email', value: email },
      { name: 'code', value: code },
    ],
  };
  await show(parts, res, language, 'authentication', page.heading, page);
}

async function ended(
  parts: PageParts,
  res: Response,
  language: Language,
  session: Stripe.Checkout.Session,
): Promise<void> {
  const { say } = language;
  const paid = session.status === 'complete';
  const back = paid ? filled(session) : session.cancel_url;
  const page: NoticePage = {
    label: say('sandbox.pay.label'),
    heading: say(paid ? 'sandbox.pay.paid-heading' : 'sandbox.pay.expired-heading'),
    text: say(paid ? 'sandbox.pay.paid-text' : 'sandbox.pay.expired-text'),
    links: back ? [{ href: back, label: say('sandbox.back') }] : [],
  };
  await show(parts, res, language, 'notice', page.heading, page);
}

import type { CardName } from '../../../src/sandbox/acts';
import type { SandboxPayments } from '../../../src/sandbox-payments';
import { accountsViewer } from '../../../src/access/viewer';
import { logIn } from '../cast';
import { anAccount, send } from '../door';
import type { Dossier } from '../dossier';
import { visit, type Page } from '../page';

/** Somebody with an account, about to pay or paying. */
export interface Buyer {
  readonly id: string;
  readonly email: string;
  readonly cookie: string;
}

export const DAY = 86_400;

/** The sandbox beside this Dossier. */
export function sandboxOf({ payments }: Dossier): SandboxPayments['sandbox'] {
  if (!payments) throw new Error('this Dossier was started without `billing`');
  return payments.sandbox;
}

export async function aBuyer(dossier: Dossier): Promise<Buyer> {
  const { id, email } = await anAccount(dossier);
  return { id, email, cookie: await logIn(dossier, id, dossier.clock.now().getTime()) };
}

/** Asks for a page as the buyer. */
export const see = (dossier: Dossier, { cookie }: Pick<Buyer, 'cookie'>, path: string): Promise<Page> =>
  visit(`${dossier.url}${path}`, { headers: { Cookie: cookie } });

/** Sends the form of the page on which one joins. */
export const askToPay = (
  dossier: Dossier,
  { cookie }: Pick<Buyer, 'cookie'>,
  per: 'month' | 'year' = 'month',
  more: Readonly<Record<string, string>> = {},
  prefix = '',
): Promise<Page> => send(dossier, `${prefix}/join/leadership-alliance`, { per, ...more }, { cookie });

/** The id of the checkout session an answer leads to. */
export function sessionIn({ status, headers }: Page): string {
  const found = /\/(cs_\w+)/.exec(headers.get('Location') ?? '');
  if (status !== 303 || !found) throw new Error(`no way to a checkout: ${status} ${headers.get('Location')}`);
  return found[1]!;
}

/** Where one comes back to after paying. */
export const doneAt = (session: string, next?: string): string =>
  `/join/leadership-alliance/done?session_id=${session}${next === undefined ? '' : `&next=${encodeURIComponent(next)}`}`;

/** Buys, pays and comes back; what Stripe then has of it. */
export async function subscribe(
  dossier: Dossier,
  buyer: Buyer,
  per: 'month' | 'year' = 'month',
  card: CardName = 'good',
): Promise<{ readonly customer: string; readonly subscription: string; readonly session: string }> {
  const { acts, world } = sandboxOf(dossier);
  const session = sessionIn(await askToPay(dossier, buyer, per));
  const { outcome } = acts.payCheckout(session, { card });
  if (outcome !== 'paid') throw new Error(`the card was ${outcome}`);
  await see(dossier, buyer, doneAt(session));
  const { customer, subscription } = world.checkoutSessions.get(session)!;
  return { customer: customer as string, subscription: subscription as string, session };
}

/** The customers of an account, as our rows have them. */
export const customersOf = (dossier: Dossier, { id }: Pick<Buyer, 'id'>) =>
  dossier.wall.read(accountsViewer, (db) => db.customer.findMany({ where: { accountId: id } }));

/** The rank the buyer reads with just now: 20 when everything is open. */
export async function reads(dossier: Dossier, buyer: Pick<Buyer, 'cookie'>): Promise<boolean> {
  const { html } = await see(dossier, buyer, '/pricing');
  return html.querySelector('.plan.tier-gold .plan-do a')?.getAttribute('href') === '/account';
}

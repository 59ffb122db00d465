import type { AccountRole, GrantSource } from '../access/account-access';

const DAY = 86_400_000;

/** A grant of a planted account, its times in days from now. */
export interface GrantPlan {
  /** Of the lowest tier, of the highest, or of the one with this slug. */
  readonly step: string;
  readonly source: GrantSource;
  readonly from?: number;
  readonly until?: number;
  readonly revoked?: number;
}

/** One kind of visitor. */
export interface VisitorPlan {
  readonly name: string;
  /** How far they read. */
  readonly reads: 'public' | 'low' | 'top' | 'all' | number;
  /** What they say they are, when it is not a browser. */
  readonly agent?: string;
  /** The account they have, or had; without one they are nobody. */
  readonly account?: {
    readonly role?: AccountRole;
    /** A role counts only with a second factor; here it has none. */
    readonly alone?: true;
    readonly suspended?: true;
    readonly grants?: readonly GrantPlan[];
  };
  /** They get letters without an account. */
  readonly subscriber?: true;
  /** What is wrong with their session. */
  readonly session?: 'too old' | 'forged' | 'logged out' | 'of a deleted account';
  /** They come with a token of the API in place of a session. */
  readonly token?: 'good' | 'revoked';
  /** Whatever they read, the address of their feed was replaced by another: what they still have is dead. */
  readonly feed?: 'replaced';
  /** They have a gift link to the first of the published briefings: where it stands, or whose it is. */
  readonly gift?: 'open' | 'ended' | 'revoked' | 'of one who lapsed' | 'of one who is suspended';
}

const JOINED: GrantPlan = { step: 'low', source: 'JOINED' };
const PAID: GrantPlan = { step: 'top', source: 'SUBSCRIPTION' };

/** Everybody who may come, in an order that mixes those who may read with those who may not. */
export const VISITORS: readonly VisitorPlan[] = [
  { name: 'visitor', reads: 'public' },
  { name: 'alliance', reads: 'top', account: { grants: [JOINED, PAID] } },
  {
    name: 'search bot',
    reads: 'public',
    agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  },
  { name: 'circle', reads: 'low', account: { grants: [JOINED] } },
  {
    name: 'preview bot',
    reads: 'public',
    agent: 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  },
  { name: 'editor', reads: 'all', account: { role: 'editor' } },
  { name: 'editor, no second factor', reads: 'public', account: { role: 'editor', alone: true } },
  { name: 'AI bot', reads: 'public', agent: 'Mozilla/5.0 (compatible; GPTBot/1.1; +https://openai.com/gptbot)' },
  { name: 'stranger', reads: 'public', account: {} },
  { name: 'admin', reads: 'all', account: { role: 'admin' } },
  { name: 'lapsed', reads: 'low', account: { grants: [JOINED, { ...PAID, until: -1 }] } },
  { name: 'in grace', reads: 'top', account: { grants: [JOINED, { ...PAID, until: 1 }] } },
  { name: 'lapsed, never joined', reads: 'public', account: { grants: [{ ...PAID, until: -1 }] } },
  { name: 'comped', reads: 'top', account: { grants: [{ step: 'top', source: 'COMP', until: 30 }] } },
  { name: 'not yet', reads: 'low', account: { grants: [JOINED, { step: 'top', source: 'GIFT', from: 1 }] } },
  { name: 'on trial', reads: 'top', account: { grants: [{ step: 'top', source: 'TRIAL', until: 1 }] } },
  { name: 'revoked', reads: 'low', account: { grants: [JOINED, { step: 'top', source: 'SEAT', revoked: -1 }] } },
  { name: 'suspended', reads: 'public', account: { suspended: true, grants: [JOINED, PAID] } },
  { name: 'support', reads: 'public', account: { role: 'support' } },
  { name: 'session too old', reads: 'public', session: 'too old', account: { grants: [JOINED, PAID] } },
  { name: 'forged session', reads: 'public', session: 'forged', account: { grants: [JOINED, PAID] } },
  { name: 'logged out', reads: 'public', session: 'logged out', account: { grants: [JOINED, PAID] } },
  { name: 'deleted account', reads: 'public', session: 'of a deleted account', account: { grants: [JOINED, PAID] } },
  { name: 'token, circle', reads: 'low', token: 'good', account: { grants: [JOINED] } },
  { name: 'token, alliance', reads: 'top', token: 'good', account: { grants: [JOINED, PAID] } },
  { name: 'token, lapsed', reads: 'low', token: 'good', account: { grants: [JOINED, { ...PAID, until: -1 }] } },
  { name: 'token, revoked', reads: 'public', token: 'revoked', account: { grants: [JOINED, PAID] } },
  { name: 'feed replaced', reads: 'top', feed: 'replaced', account: { grants: [JOINED, PAID] } },
  { name: 'subscriber', reads: 'public', subscriber: true },
  { name: 'gift', reads: 'public', gift: 'open' },
  { name: 'gift, ended', reads: 'public', gift: 'ended' },
  { name: 'gift, revoked', reads: 'public', gift: 'revoked' },
  { name: 'gift of one who lapsed', reads: 'public', gift: 'of one who lapsed' },
  { name: 'gift of one who is suspended', reads: 'public', gift: 'of one who is suspended' },
  { name: 'token, suspended', reads: 'public', token: 'good', account: { suspended: true, grants: [JOINED, PAID] } },
];

/** Who reads at each tier between the lowest and the highest, where a publication has such ones. */
export const visitorsBetween = (between: readonly { readonly slug: string; readonly rank: number }[]): VisitorPlan[] =>
  between.map(({ slug, rank }) => ({
    name: `reader at ${slug}`,
    reads: rank,
    account: { grants: [JOINED, { step: slug, source: 'SUBSCRIPTION' }] },
  }));

/** The moment that lies so many days from now. */
export const inDays = (days: number): Date => new Date(Date.now() + days * DAY);

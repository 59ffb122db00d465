import type { Surface } from '../surface';
import { at } from './addresses';

/** The ways in: logging in, joining without a price, confirming an address, resetting a password. */
export const AUTH_SURFACES: readonly Surface[] = [
  {
    route: 'GET /login',
    addresses: ({ published: [slug], hidden: [draft] }) => [
      '/login',
      `/login?next=/briefings/${slug}`,
      `/login?next=/briefings/${draft}`,
    ],
  },
  { route: 'POST /login', form: { email: '', password: '', next: '/' } },
  { route: 'GET /login/second-factor' },
  { route: 'POST /login/second-factor', form: { code: '123456' } },
  { route: 'POST /login/passkey/options' },
  { route: 'POST /login/passkey', form: { credential: '{}', next: '/' } },
  { route: 'POST /logout', last: true },
  { route: 'GET /join' },
  { route: 'GET /join/:freeTier', addresses: at('/join/strategy-circle') },
  {
    route: 'POST /join/:freeTier',
    addresses: at('/join/strategy-circle'),
    form: { name: '', email: '', password: '', next: '/' },
  },
  { route: 'GET /verify', addresses: at('/verify', '/verify?token=x', `/verify?token=${'x'.repeat(43)}`) },
  { route: 'POST /verify', form: { token: 'x' } },
  { route: 'GET /join/sent' },
  {
    route: 'GET /join/confirm',
    addresses: at('/join/confirm', '/join/confirm?token=x', `/join/confirm?token=${'x'.repeat(43)}`),
  },
  { route: 'POST /join/confirm', form: { token: 'x' } },
  {
    route: 'GET /verify/claim',
    addresses: at('/verify/claim', '/verify/claim?token=x', `/verify/claim?token=${'x'.repeat(43)}`),
  },
  { route: 'POST /verify/claim', form: { token: 'x' } },
  { route: 'GET /verify/claimed' },
  { route: 'GET /reset' },
  { route: 'POST /reset', form: { email: '' } },
  { route: 'GET /reset/sent' },
  {
    route: 'GET /invitation',
    addresses: at('/invitation', '/invitation?token=x', `/invitation?token=${'x'.repeat(43)}`),
  },
  { route: 'POST /invitation', form: { token: 'x'.repeat(43), password: '' } },
  { route: 'GET /reset/choose', addresses: at('/reset/choose', '/reset/choose?token=x') },
  { route: 'POST /reset/choose', form: { token: 'x', 'new-password': '' } },
  { route: 'GET /reset/done' },
  { route: 'GET /goodbye' },
];

import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** An account's own pages. */
export const ACCOUNT_SURFACES: readonly Surface[] = [
  { route: 'GET /account' },
  { route: 'POST /account/verify' },
  { route: 'GET /account/reading-list' },
  {
    route: 'POST /account/reading-list',
    form: { briefing: 'nobody-wrote-this' },
  },
  { route: 'POST /account/reading-list/remove', form: { briefing: 'nobody-wrote-this' } },
  { route: 'GET /account/profile' },
  { route: 'POST /account/profile', form: { name: '', lang: '' } },
  { route: 'POST /account/email', form: { email: '', current: '' } },
  { route: 'GET /account/security' },
  { route: 'POST /account/password', form: { current: '', 'new-password': '' } },
  { route: 'POST /account/sessions/end-others' },
  {
    route: 'POST /account/sessions/:id/end',
    addresses: at(`/account/sessions/${NOBODYS}/end`, '/account/sessions/x/end'),
  },
  { route: 'GET /account/second-factor' },
  { route: 'POST /account/second-factor/start', form: { current: '' }, last: true },
  { route: 'POST /account/second-factor/confirm', form: { code: '123456' } },
  { route: 'POST /account/second-factor/codes', form: { code: '123456', current: '' } },
  { route: 'POST /account/second-factor/off', form: { code: '123456', current: '' } },
  { route: 'GET /account/passkeys' },
  { route: 'POST /account/passkeys', form: { credential: '{}', 'passkey-name': 'x' } },
  { route: 'GET /account/passkeys/new' },
  { route: 'POST /account/passkeys/new', form: { current: '' }, last: true },
  { route: 'GET /account/passkeys/drop-password' },
  { route: 'POST /account/passkeys/drop-password', form: { current: '' }, last: true },
  { route: 'GET /account/passkeys/:id/remove', addresses: at('/account/passkeys/x/remove') },
  { route: 'POST /account/passkeys/:id/remove', addresses: at('/account/passkeys/x/remove'), form: { current: '' } },
  { route: 'GET /account/feed' },
  { route: 'POST /account/feed/end', last: true },
  { route: 'POST /account/feed', form: { current: '' }, last: true },
  { route: 'GET /account/tokens' },
  { route: 'POST /account/tokens', form: { 'token-name': '' } },
  {
    route: 'POST /account/tokens/:id/revoke',
    addresses: at(`/account/tokens/${NOBODYS}/revoke`, '/account/tokens/x/revoke'),
  },
  { route: 'GET /account/data' },
  { route: 'POST /account/export', form: { 'export-current': '' } },
  { route: 'POST /account/delete', form: { email: '', current: '' } },
];

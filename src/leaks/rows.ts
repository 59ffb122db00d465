import type { Planted } from './plant';
import type { Surface } from './surfaces';

/** An id that no row has. */
const NOBODYS = '00000000-0000-4000-8000-000000000000';

const at = (...paths: readonly string[]) => () => paths;

/** Every briefing by every name it has or had, and one that nobody wrote. */
const everyBriefing = ({ published, hidden, formerly, formerlyHidden }: Planted) => [...published, ...hidden, ...formerly.slice(0, 1), ...formerlyHidden, 'nobody-wrote-this'];

/** One row for every route. A route without a row fails the run, and so does a row without a route. */
export const SURFACES: readonly Surface[] = [
  { route: 'GET /', near: at('/') },
  {
    route: 'GET /briefings/:slug',
    addresses: (planted) => everyBriefing(planted).map((slug) => `/briefings/${slug}`),
    near: ({ published: [plain], hidden: [draft] }) => [`/briefings/${plain}`, `/briefings/${draft}`],
    shows: 'pages',
  },
  { route: 'GET /categories/:slug', addresses: ({ category }) => [`/categories/${category}?page=1`, `/categories/${category}?page=2`, '/categories/none'], near: ({ category }) => [`/categories/${category}`] },
  {
    route: 'GET /api/v1/briefings',
    addresses: ({ category }) => [`?category=${category}`, `?category=${category}&language=es`, '?page=2', '?include=passages', '?sort=passages', '?q=zq7k', '?state=draft'].map((query) => `/api/v1/briefings${query}`),
    near: at('/api/v1/briefings'),
  },
  {
    route: 'GET /api/v1/briefings/:slug',
    addresses: (planted) => [...everyBriefing(planted), ...planted.published.map((slug) => `${slug}?language=es`)].map((slug) => `/api/v1/briefings/${slug}`),
    near: ({ published: [plain], hidden: [draft] }) => [`/api/v1/briefings/${plain}`, `/api/v1/briefings/${draft}`],
    shows: 'api',
  },
  { route: 'GET /api/openapi.json' },
  { route: 'USE /api', addresses: ({ published }) => ['/api', '/api/v1', `/api/v1/briefings/${published[0]}/passages`, '/api/v2/briefings'] },
  { route: 'GET /dev/mail', optional: true, exempt: 'shows everybody\'s letters on purpose, and is only there outside production without a mail server' },
  { route: 'GET /dev/mail/:id', optional: true, exempt: 'as /dev/mail' },
  { route: 'GET /pictures/:file', addresses: at('/pictures/x.png', `/pictures/${'0'.repeat(64)}.png`) },
  { route: 'GET /login', addresses: ({ published: [slug], hidden: [draft] }) => ['/login', `/login?next=/briefings/${slug}`, `/login?next=/briefings/${draft}`] },
  { route: 'POST /login', form: { email: '', password: '', next: '/' } },
  { route: 'POST /logout', last: true },
  { route: 'GET /join/strategy-circle' },
  { route: 'POST /join/strategy-circle', form: { name: '', email: '', password: '', next: '/' } },
  { route: 'GET /join/leadership-alliance' },
  { route: 'GET /verify', addresses: at('/verify', '/verify?token=x', `/verify?token=${'x'.repeat(43)}`) },
  { route: 'POST /verify', form: { token: 'x' } },
  { route: 'GET /verify/done' },
  { route: 'GET /verify/changed' },
  { route: 'GET /reset' },
  { route: 'POST /reset', form: { email: '' } },
  { route: 'GET /reset/sent' },
  { route: 'GET /reset/choose', addresses: at('/reset/choose', '/reset/choose?token=x') },
  { route: 'POST /reset/choose', form: { token: 'x', 'new-password': '' } },
  { route: 'GET /reset/done' },
  { route: 'GET /goodbye' },
  { route: 'GET /account' },
  { route: 'POST /account/verify' },
  { route: 'GET /account/profile' },
  { route: 'POST /account/profile', form: { name: '', lang: '' } },
  { route: 'POST /account/email', form: { email: '', current: '' } },
  { route: 'GET /account/security' },
  { route: 'POST /account/password', form: { current: '', 'new-password': '' } },
  { route: 'POST /account/sessions/end-others' },
  { route: 'POST /account/sessions/:id/end', addresses: at(`/account/sessions/${NOBODYS}/end`, '/account/sessions/x/end') },
  { route: 'GET /account/tokens' },
  { route: 'POST /account/tokens', form: { 'token-name': '' } },
  { route: 'POST /account/tokens/:id/revoke', addresses: at(`/account/tokens/${NOBODYS}/revoke`, '/account/tokens/x/revoke') },
  { route: 'GET /account/data' },
  { route: 'GET /account/export' },
  { route: 'POST /account/delete', form: { email: '', current: '' } },
  { route: 'GET /healthz' },
  { route: 'GET /readyz' },
  { route: 'USE /assets/:fingerprint', addresses: at('/assets/x/site.css', '/assets/x/favicon.svg', '/assets/x/', '/assets/x/..%2f..%2fpackage.json') },
  { route: /^USE \/assets\/[a-z0-9]{12}$/, exempt: 'the same files as under /assets/:fingerprint, to be kept longer' },
];

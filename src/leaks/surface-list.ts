import type { Planted } from './plant';
import { FEED_SURFACES } from './feed-surfaces';
import { FINDING_SURFACES } from './finding-surfaces';
import type { Surface } from './surfaces';

/** An id that no row has. */
const NOBODYS = '00000000-0000-4000-8000-000000000000';

const at =
  (...paths: readonly string[]) =>
  () =>
    paths;

/** Every briefing by every name it has or had, and one that nobody wrote. */
const everyBriefing = ({ published, hidden, formerly, formerlyHidden }: Planted) => [
  ...published,
  ...hidden,
  ...formerly.slice(0, 1),
  ...formerlyHidden,
  'nobody-wrote-this',
];

/** A room of a briefing at the desk: of one that readers have, of one that nobody may know of, and of none. */
const atDesk =
  (room: string) =>
  ({ ids, published: [plain], hidden: [draft] }: Planted) =>
    [ids[plain!], ids[draft!], NOBODYS].map((id) => `/desk/briefings/${id}${room}`);

/** One row for every route. A route without a row fails the run, and so does a row without a route. */
export const SURFACES: readonly Surface[] = [
  {
    route: 'GET /briefings/:slug',
    addresses: (planted) => everyBriefing(planted).map((slug) => `/briefings/${slug}`),
    near: ({ published: [plain], hidden: [draft] }) => [`/briefings/${plain}`, `/briefings/${draft}`],
    shows: 'pages',
  },
  ...FINDING_SURFACES,
  ...FEED_SURFACES,
  {
    route: 'GET /api/v1/briefings',
    addresses: ({ category }) =>
      [
        `?category=${category}`,
        `?category=${category}&language=es`,
        '?page=2',
        '?include=passages',
        '?sort=passages',
        '?q=zq7k',
        '?state=draft',
      ].map((query) => `/api/v1/briefings${query}`),
    near: at('/api/v1/briefings'),
  },
  {
    route: 'GET /api/v1/briefings/:slug',
    addresses: (planted) =>
      [...everyBriefing(planted), ...planted.published.map((slug) => `${slug}?language=es`)].map(
        (slug) => `/api/v1/briefings/${slug}`,
      ),
    near: ({ published: [plain], hidden: [draft] }) => [`/api/v1/briefings/${plain}`, `/api/v1/briefings/${draft}`],
    shows: 'api',
  },
  { route: 'GET /api/openapi.json' },
  {
    route: 'USE /api',
    addresses: ({ published }) => [
      '/api',
      '/api/v1',
      `/api/v1/briefings/${published[0]}/passages`,
      '/api/v2/briefings',
    ],
  },
  {
    route: 'GET /dev/mail',
    optional: true,
    exempt: "shows everybody's letters on purpose, and is only there outside production without a mail server",
  },
  { route: 'GET /dev/mail/:id', optional: true, exempt: 'as /dev/mail' },
  {
    route: 'GET /pictures/:file',
    shows: 'pages',
    addresses: ({ pictures }) => ['x.png', `${'0'.repeat(64)}.png`, ...pictures].map((file) => `/pictures/${file}`),
    near: ({ pictures: [, gated] }) => [`/pictures/${gated}`],
  },
  {
    route: 'GET /api/v1/pictures/:file',
    shows: 'api',
    addresses: ({ pictures }) => ['x.png', ...pictures].map((file) => `/api/v1/pictures/${file}`),
  },
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
  { route: 'GET /pricing', addresses: at('/pricing', '/pricing?per=year') },
  {
    route: 'GET /join/:paidTier',
    addresses: ({ published: [slug], hidden: [draft] }) => [
      '/join/leadership-alliance',
      `/join/leadership-alliance?next=/briefings/${slug}`,
      `/join/leadership-alliance?next=/briefings/${draft}`,
      '/join/nobody',
    ],
  },
  {
    route: 'POST /join/:paidTier',
    addresses: at('/join/leadership-alliance'),
    form: { per: 'month' },
    stripe: true,
  },
  {
    route: 'GET /join/:paidTier/done',
    addresses: ({ hidden: [draft] }) => [
      '/join/leadership-alliance/done',
      `/join/leadership-alliance/done?session_id=cs_test_x&next=/briefings/${draft}`,
    ],
  },
  { route: 'GET /account/billing' },
  { route: 'POST /account/billing/look' },
  { route: 'GET /account/billing/back' },
  { route: 'POST /account/billing/portal' },
  { route: 'GET /account/billing/invoice', addresses: at('/account/billing/invoice?id=in_x') },
  { route: 'GET /account/billing/invoice/pdf', addresses: at('/account/billing/invoice/pdf?id=in_x') },
  {
    route: 'GET /account/billing/plan',
    addresses: at('/account/billing/plan?subscription=sub_x&to=year', '/account/billing/plan'),
  },
  { route: 'POST /account/billing/plan', form: { subscription: 'sub_x', to: 'year', date: '1700000000' } },
  { route: 'GET /account/billing/cancel', addresses: at('/account/billing/cancel?subscription=sub_x') },
  { route: 'POST /account/billing/cancel', form: { subscription: 'sub_x' } },
  { route: 'POST /account/billing/keep', form: { subscription: 'sub_x' } },
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
  { route: 'GET /account/tokens' },
  { route: 'POST /account/tokens', form: { 'token-name': '' } },
  {
    route: 'POST /account/tokens/:id/revoke',
    addresses: at(`/account/tokens/${NOBODYS}/revoke`, '/account/tokens/x/revoke'),
  },
  { route: 'GET /account/data' },
  { route: 'POST /account/export', form: { 'export-current': '' } },
  { route: 'POST /account/delete', form: { email: '', current: '' } },
  {
    route: 'GET /desk',
    desk: true,
    addresses: ({ category, run }) => ['/desk', `/desk?q=${run}`, `/desk?category=${category}&state=draft`],
  },
  { route: 'GET /desk/calendar', desk: true },
  { route: 'POST /desk/briefings', desk: true, form: { title: '', lang: 'en', category: 'x' } },
  { route: 'GET /desk/categories', desk: true },
  ...['', '/delete'].map((room): Surface => ({
    route: `GET /desk/categories/:slug${room}`,
    desk: true,
    addresses: ({ category }) => [`/desk/categories/${category}${room}`, `/desk/categories/none${room}`],
  })),
  // Nothing of these is taken: the form is not whole, or there is no such category.
  { route: 'POST /desk/categories', desk: true, form: { slug: 'x' } },
  {
    route: 'POST /desk/categories/:slug',
    desk: true,
    addresses: ({ category }) => [`/desk/categories/${category}`],
    form: { slug: 'x' },
  },
  {
    route: 'POST /desk/categories/:slug/move',
    desk: true,
    addresses: at('/desk/categories/none/move'),
    form: { before: 'x' },
  },
  {
    route: 'POST /desk/categories/:slug/delete',
    desk: true,
    addresses: ({ category }) => [`/desk/categories/${category}/delete`, '/desk/categories/none/delete'],
    form: { seen: 'x' },
  },
  { route: 'GET /desk/confidence', desk: true },
  { route: 'POST /desk/confidence', desk: true },
  { route: 'GET /desk/import', desk: true },
  { route: 'POST /desk/import', desk: true },
  { route: 'GET /desk/samples', desk: true },
  { route: 'GET /desk/samples/load', desk: true },
  { route: 'POST /desk/samples/load', desk: true },
  {
    route: 'GET /desk/samples/remove',
    desk: true,
    addresses: at('/desk/samples/remove', '/desk/samples/remove?changed=1'),
  },
  { route: 'POST /desk/samples/remove', desk: true, form: { seen: 'x' } },
  {
    route: 'GET /desk/briefings/:id/preview',
    desk: true,
    addresses: (planted) =>
      ['', `?as=${planted.steps.low.slug}`, `?as=${planted.steps.top.slug}&lang=es`].flatMap((as) =>
        atDesk(`/preview${as}`)(planted),
      ),
  },
  ...['', '/cover', '/pictures', '/publish', '/revisions', '/export', '/delete', '/unpublish', '/archive'].map(
    (room): Surface => ({
      route: `GET /desk/briefings/:id${room}`,
      desk: true,
      addresses: atDesk(room),
    }),
  ),
  { route: 'GET /desk/briefings/:id/pictures/:name', desk: true, addresses: atDesk('/pictures/evidence.png') },
  { route: 'GET /desk/briefings/:id/revisions/:number', desk: true, addresses: atDesk('/revisions/1') },
  // Nothing of these is taken: the version is another, the form is not whole, or there is no such briefing.
  { route: 'POST /desk/briefings/:id', desk: true, addresses: atDesk(''), form: { version: 'x' } },
  { route: 'POST /desk/briefings/:id/cover', desk: true, addresses: atDesk('/cover'), form: { seen: 'x' } },
  { route: 'POST /desk/briefings/:id/pictures', desk: true, addresses: atDesk('/pictures') },
  {
    route: 'POST /desk/briefings/:id/pictures/:name/remove',
    desk: true,
    addresses: atDesk('/pictures/evidence.png/remove'),
  },
  {
    route: 'POST /desk/briefings/:id/pictures/:name/restore',
    desk: true,
    addresses: atDesk('/pictures/none.png/restore'),
  },
  {
    route: 'GET /desk/briefings/:id/points/:point',
    desk: true,
    addresses: ({ ids, published: [plain], point }) =>
      [point, NOBODYS].map((one) => `/desk/briefings/${ids[plain!]}/points/${one}`),
  },
  {
    route: 'POST /desk/briefings/:id/publish',
    desk: true,
    addresses: atDesk('/publish'),
    form: { act: 'publish', version: 'x', sure: '1' },
  },
  {
    route: 'POST /desk/briefings/:id/corrections',
    desk: true,
    addresses: atDesk('/corrections'),
    form: { once: NOBODYS, 'correction.en': '' },
  },
  ...[
    'discard',
    'delete',
    'cover/remove',
    'cover/restore',
    'points/:point/restore',
    'revisions/:number/restore',
    'corrections/:correction/withdraw',
  ].map((action): Surface => ({
    route: `POST /desk/briefings/:id/${action}`,
    desk: true,
    addresses: at(
      `/desk/briefings/${NOBODYS}/${action.replace(':number', '1').replace(/:correction|:point/, NOBODYS)}`,
    ),
  })),
  // There is an admin, so nothing is set up here.
  { route: 'GET /setup', addresses: at('/setup', `/setup?token=${'x'.repeat(43)}`) },
  { route: 'POST /setup', form: { token: 'x'.repeat(43) } },
  { route: 'GET /setup/publication' },
  { route: 'POST /setup/publication', form: { name: 'x' } },
  { route: 'GET /setup/admin' },
  { route: 'POST /setup/admin', form: { name: '', email: '', password: '' } },
  { route: 'GET /setup/factor' },
  { route: 'POST /setup/factor', form: { code: '123456' } },
  { route: 'GET /setup/content' },
  { route: 'POST /setup/content', form: { do: 'x' } },
  { route: 'GET /setup/services' },
  { route: 'POST /setup/services', form: { do: 'x' } },
  { route: 'GET /admin' },
  { route: 'GET /admin/settings' },
  { route: 'GET /admin/settings/languages' },
  {
    route: 'GET /admin/settings/languages/change',
    addresses: at('/admin/settings/languages/change', '/admin/settings/languages/change?change=first&code=es'),
  },
  // Nothing of these is taken: the form is not whole.
  { route: 'POST /admin/settings/languages/change', form: { change: 'first', code: 'es' } },
  { route: 'GET /admin/settings/time', addresses: at('/admin/settings/time', '/admin/settings/time?zone=UTC') },
  { route: 'POST /admin/settings/time', form: { zone: 'UTC', dates: 'iso' } },
  {
    route: 'GET /admin/settings/phrases',
    addresses: at(
      '/admin/settings/phrases',
      '/admin/settings/phrases?words=zq7k',
      '/admin/settings/phrases?room=gates',
    ),
  },
  {
    route: 'GET /admin/settings/phrases/edit',
    addresses: at('/admin/settings/phrases/edit?lang=es&key=nav.join', '/admin/settings/phrases/edit?key=none'),
  },
  { route: 'POST /admin/settings/phrases/edit', form: { lang: 'en', key: 'nav.join', text: 'x' } },
  {
    route: 'GET /admin/members',
    addresses: at(
      '/admin/members',
      '/admin/members?q=zq7k',
      '/admin/members?tier=leadership-alliance&source=SUBSCRIPTION',
    ),
  },
  { route: 'POST /admin/members/export' },
  { route: 'GET /admin/members/:id', addresses: at(`/admin/members/${NOBODYS}`, '/admin/members/x') },
  ...[
    'comp',
    'extend',
    'revoke',
    'reset-letter',
    'verification-letter',
    'end-sessions',
    'role',
    'suspend',
    'unsuspend',
    'delete',
  ].flatMap((action): Surface[] => [
    { route: `GET /admin/members/:id/${action}`, addresses: at(`/admin/members/${NOBODYS}/${action}`) },
    {
      route: `POST /admin/members/:id/${action}`,
      addresses: at(`/admin/members/${NOBODYS}/${action}`),
      form: { submission: NOBODYS, version: 'x', reason: 'x' },
    },
  ]),
  { route: 'GET /admin/billing' },
  { route: 'POST /admin/billing/reconcile', form: { submission: NOBODYS, scope: 'x' } },
  { route: 'GET /admin/billing/alarms', addresses: at('/admin/billing/alarms', '/admin/billing/alarms?state=settled') },
  ...['settle', 'reopen'].map((act): Surface => ({
    route: `POST /admin/billing/alarms/:id/${act}`,
    addresses: at(`/admin/billing/alarms/${NOBODYS}/${act}`),
    form: { submission: NOBODYS },
  })),
  { route: 'GET /admin/billing/inbox', addresses: at('/admin/billing/inbox', '/admin/billing/inbox?state=dead') },
  { route: 'GET /admin/billing/event', addresses: at('/admin/billing/event?id=evt_x', '/admin/billing/event') },
  { route: 'POST /admin/billing/event/replay', form: { submission: NOBODYS, id: 'evt_x' } },
  { route: 'GET /admin/billing/inbox/replay-dead' },
  { route: 'POST /admin/billing/inbox/replay-dead' },
  { route: 'POST /admin/billing/inbox/export' },
  { route: 'POST /admin/billing/alarms/export' },
  { route: 'GET /admin/billing/drift' },
  {
    route: 'GET /admin/billing/compare',
    stripe: true,
    addresses: at('/admin/billing/compare?customer=cus_x', '/admin/billing/compare'),
  },
  { route: 'POST /admin/billing/repair', form: { customer: 'cus_x' } },
  {
    route: 'GET /admin/members/:id/billing',
    addresses: at(`/admin/members/${NOBODYS}/billing`, '/admin/members/x/billing'),
  },
  ...['sync', 'cancel-end', 'cancel-now', 'keep', 'refund', 'letter'].flatMap((action): Surface[] => [
    { route: `GET /admin/members/:id/billing/${action}`, addresses: at(`/admin/members/${NOBODYS}/billing/${action}`) },
    {
      route: `POST /admin/members/:id/billing/${action}`,
      addresses: at(`/admin/members/${NOBODYS}/billing/${action}`),
      form: { submission: NOBODYS, version: 'x', reason: 'x' },
    },
  ]),
  {
    route: 'GET /admin/numbers',
    addresses: at('/admin/numbers', '/admin/numbers?range=30-days', '/admin/numbers?range=all'),
  },
  {
    route: 'GET /admin/numbers/:table',
    addresses: at(
      '/admin/numbers/briefings.csv',
      '/admin/numbers/gates.csv?range=all',
      '/admin/numbers/members.csv',
      '/admin/numbers/x.csv',
    ),
  },
  { route: 'GET /admin/matrix' },
  // Nothing of these is done: the form is another's, or not whole.
  {
    route: 'GET /admin/matrix/change',
    addresses: at('/admin/matrix/change?trend=public&evidence=public', '/admin/matrix/change'),
  },
  {
    route: 'POST /admin/matrix/change',
    form: { submission: NOBODYS, version: 'x', trend: 'public', public: 'yes', reason: 'x' },
  },
  { route: 'GET /admin/settings/:setting', addresses: at('/admin/settings/identity', '/admin/settings/nothing') },
  { route: 'POST /admin/settings/:setting', addresses: at('/admin/settings/identity', '/admin/settings/nothing') },
  { route: 'GET /admin/tiers' },
  { route: 'GET /admin/tiers/new' },
  { route: 'POST /admin/tiers/new', form: { submission: NOBODYS, version: 'x', name: 'x' } },
  ...['texts', 'price', 'order', 'joining', 'retire', 'offer', 'delete'].flatMap((room): Surface[] => [
    {
      route: `GET /admin/tiers/:slug/${room}`,
      addresses: at(`/admin/tiers/leadership-alliance/${room}`, `/admin/tiers/nobody/${room}`),
    },
    {
      route: `POST /admin/tiers/:slug/${room}`,
      addresses: at(`/admin/tiers/leadership-alliance/${room}`),
      form: { submission: NOBODYS, version: 'x', reason: 'x' },
    },
  ]),
  { route: 'GET /admin/audit' },
  { route: 'POST /admin/audit/export' },
  { route: 'GET /healthz' },
  {
    route: 'POST /webhooks/stripe',
    exempt: 'takes in what Stripe has signed, and answers without a word; tests/billing/webhook.test.ts',
  },
  { route: 'GET /sandbox', optional: true, exempt: 'leads to the sandbox, outside production alone' },
  { route: 'GET /readyz' },
  {
    route: 'USE /assets/:fingerprint',
    addresses: at('/assets/x/site.css', '/assets/x/favicon.svg', '/assets/x/', '/assets/x/..%2f..%2fpackage.json'),
  },
  { route: /^USE \/assets\/[a-z0-9]{12}$/, exempt: 'the same files as under /assets/:fingerprint, to be kept longer' },
];

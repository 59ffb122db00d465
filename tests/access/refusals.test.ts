import { listRoutes, type Route } from '../../src/http/server/routes';
import { makeApiToken, makeFeedToken, makeGiftToken } from '../../src/accounts/credentials/api-tokens';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { CAST, enterAll, logIn, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { writePage } from '../support/own-pages';
import { aPicture } from '../support/pictures';
import { LONG } from '../support/long';

/** What each route answers to each of the cast: one declared table, held against the router. */
let dossier: Dossier;
let cast: Record<Name, Member>;
let routes: Route[];

/** What is answered to whoever is logged in, and to whoever is not. */
interface Answers {
  readonly out: number;
  readonly in: number;
  /** To whoever has a role, and so a second factor; as to everybody logged in where it is not said. */
  readonly staff?: number;
  /** To one of the cast, where that is another answer still. */
  readonly by?: Readonly<Partial<Record<Name, number>>>;
}

interface Case {
  /** `{signal}` and the like stand for ids of what is there (`idsOf`). */
  readonly path: string;
  readonly answers: Answers;
  /** Typed into the form of a request that may change something. */
  readonly form?: Readonly<Record<string, string>>;
}

const all = (status: number): Answers => ({ out: status, in: status });
/** Whoever is not logged in is led to the door. */
const owners = (status: number): Answers => ({ out: 303, in: status });
const one = (path: string, answers: Answers, form?: Case['form']): readonly Case[] => [
  { path, answers, ...(form ? { form } : {}) },
];

const NOBODYS = '00000000-0000-4000-8000-000000000000';

/** The admin sections are not there for readers, nor for editors; support is told what is not theirs to do. */
const adminSection = (admin: number, support: number): Answers => ({ out: 303, in: 404, by: { admin, support } });
/** The desk is there for editors and admins alone. */
const deskSection = (works: number): Answers => ({ out: 303, in: 404, by: { editor: works, admin: works } });
/**
 * A room of a briefing that is there, in which whoever works is answered `works`: were everybody told 404, nothing
 * would say whether its door is shut or the room empty. Then of one that is not.
 */
const aBriefing = (room: string, works: number, of: '{signal}' | '{draft}' = '{signal}') => [
  ...one(`/desk/briefings/${of}${room}`, deskSection(works)),
  ...one(`/desk/briefings/${NOBODYS}${room.replace('{correction}', NOBODYS)}`, deskSection(404)),
  ...one(`/desk/briefings/x${room.replace('{correction}', NOBODYS)}`, deskSection(404)),
];
/** The same of a page of the publisher's own. */
const aPage = (room: string, works: number) => [
  ...one(`/desk/pages/{page}${room}`, deskSection(works)),
  ...one(`/desk/pages/${NOBODYS}${room}`, deskSection(404)),
  ...one(`/desk/pages/x${room}`, deskSection(404)),
];
const OF_MEMBERS = [
  'comp',
  'extend',
  'revoke',
  'reset-letter',
  'verification-letter',
  'lift-mail-block',
  'end-sessions',
  'role',
  'suspend',
  'unsuspend',
  'delete',
];
const memberActions = Object.fromEntries(
  OF_MEMBERS.flatMap((name) => {
    const support = (status: number) => (name === 'comp' ? status : 403);
    const at = `/admin/members/${NOBODYS}/${name}`;
    return [
      [
        `GET /admin/members/:id/${name}`,
        [
          ...one(`/admin/members/{member}/${name}`, adminSection(200, support(200))),
          ...one(at, adminSection(404, support(404))),
          ...one(`/admin/members/x/${name}`, adminSection(404, support(404))),
        ],
      ],
      [
        `POST /admin/members/:id/${name}`,
        [
          ...one(at, adminSection(400, support(400))),
          ...one(at, adminSection(404, support(404)), { submission: NOBODYS, version: 'x', reason: 'x' }),
        ],
      ],
    ];
  }),
);

/** Briefings that anybody may meet, that nobody may, and those that are not there: the last two are told alike. */
const briefings = (before: string): readonly Case[] => [
  ...one(`${before}a-signal`, all(200)),
  ...one(`${before}an-older-name`, all(301)),
  ...one(`${before}a-draft`, all(404)),
  ...one(`${before}a-draft-before`, all(404)),
  ...one(`${before}tomorrow`, all(404)),
  ...one(`${before}nobody-wrote-this`, all(404)),
];

/** Those who hold the highest tier that is paid for give briefings away, and those who work at the desk. */
const GIVERS = (status: number, by: Answers['by'] = {}): Answers => ({
  ...owners(403),
  by: { ...by, alliance: status, inGrace: status, comped: status, trial: status, editor: status, admin: status },
});

const TABLE: Readonly<Record<string, readonly Case[]>> = {
  'GET /': [...one('/', all(200)), ...one('/?texts=own', all(200)), ...one('/?texts=x', all(400))],
  'GET /briefings/:slug': briefings('/briefings/'),
  ...Object.fromEntries(
    ['cite', 'citation.txt', 'citation.bib', 'citation.ris', 'citation.json', 'sharing.png'].map((part) => [
      `GET /briefings/:slug/${part}`,
      briefings('/briefings/').map(({ path, answers }) => ({ path: `${path}/${part}`, answers })),
    ]),
  ),
  'GET /oembed': [
    ...briefings('/oembed?url=/briefings/').map(({ path, answers }) =>
      path.endsWith('an-older-name') ? { path, answers: all(200) } : { path, answers },
    ),
    ...one('/oembed?url=/briefings/a-signal&format=xml', all(501)),
    ...one('/oembed?url=https://example.org/briefings/a-signal', all(404)),
    ...one('/oembed', all(400)),
  ],
  'GET /briefings/:slug/revisions': briefings('/briefings/').map(({ path, answers }) => ({
    path: `${path}/revisions`,
    answers,
  })),
  'GET /briefings/:slug/revisions/:number': [
    ...briefings('/briefings/').map(({ path, answers }) => ({ path: `${path}/revisions/1`, answers })),
    ...one('/briefings/a-signal/revisions/9', all(404)),
    ...one('/briefings/a-signal/revisions/x', all(404)),
    ...one('/briefings/revised/revisions/1', all(410)),
    ...one('/briefings/revised/revisions/2', all(200)),
  ],
  'GET /briefings/:slug/revisions/:number/changes': [
    ...briefings('/briefings/').map(({ path, answers }) => ({ path: `${path}/revisions/1/changes`, answers })),
    ...one('/briefings/a-signal/revisions/1/changes?to=9', all(404)),
    ...one('/briefings/a-signal/revisions/1/changes?to=x', all(400)),
    ...one('/briefings/revised/revisions/1/changes', all(410)),
  ],
  'GET /categories/:slug': [
    ...one('/categories/cloud-service', all(200)),
    ...one('/categories/none', all(404)),
    ...one('/categories/cloud-service?page=x', all(400)),
  ],
  'GET /organizations/:slug': [
    ...one('/organizations/one-org', all(200)),
    ...one('/organizations/one-org?page=9', all(404)),
    ...one('/organizations/nobody', all(404)),
    ...one('/organizations/one-org?page=x', all(400)),
  ],
  'GET /authors/:slug': [
    ...one('/authors/an-author', all(200)),
    ...one('/authors/nobody', all(404)),
    ...one('/authors/an-author?page=9', all(404)),
    ...one('/authors/an-author?page=x', all(400)),
  ],
  ...Object.fromEntries(
    ['xml', 'json'].map((format) => [
      `GET /authors/:slug/feed.${format}`,
      [...one(`/authors/an-author/feed.${format}`, all(200)), ...one(`/authors/nobody/feed.${format}`, all(404))],
    ]),
  ),
  'GET /:slug': [
    ...one('/about', all(200)),
    ...one('/about-us', all(301)),
    ...one('/a-page-in-the-making', all(404)),
    ...one('/a-signal', all(404)),
    ...one('/a-draft', all(404)),
  ],
  'GET /p/:slug': [...one('/p/a-signal', all(404)), ...one('/p/a-draft', all(404))],
  'GET /:slug/versions/:version': [
    ...one('/terms/versions/1', all(200)),
    ...one('/terms/versions/2', all(404)),
    ...one('/terms/versions/x', all(404)),
    ...one('/about/versions/1', all(404)),
  ],
  'GET /contact': one('/contact', all(200)),
  'POST /contact': [
    ...one('/contact', all(400)),
    ...one('/contact', all(409), { name: 'x', email: 'x', message: 'x' }),
  ],
  'GET /contact/sent': one('/contact/sent', all(200)),
  'GET /account/accept': one('/account/accept', owners(303)),
  'POST /account/accept': [
    ...one('/account/accept', owners(400)),
    ...one('/account/accept', { ...owners(303), by: { suspended: 401 } }, { accepted: 'x' }),
  ],
  'GET /desk/pages': one('/desk/pages', deskSection(200)),
  'POST /desk/pages': [
    ...one('/desk/pages', deskSection(400)),
    ...one('/desk/pages', deskSection(422), { title: '', slug: '', lang: 'en' }),
  ],
  'GET /desk/pages/:id': aPage('', 200),
  'POST /desk/pages/:id': aPage('', 409),
  'GET /desk/pages/:id/preview': aPage('/preview', 200),
  'GET /desk/pages/:id/pictures': aPage('/pictures', 200),
  'POST /desk/pages/:id/pictures': one(`/desk/pages/${NOBODYS}/pictures`, deskSection(400)),
  'GET /desk/pages/:id/pictures/:name': aPage('/pictures/map.png', 200),
  'POST /desk/pages/:id/pictures/:name/remove': aPage('/pictures/map.png/remove', 409),
  'GET /desk/pages/:id/publish': aPage('/publish', 200),
  'POST /desk/pages/:id/publish': one(`/desk/pages/{page}/publish`, deskSection(400)),
  'POST /desk/pages/:id/address': one(`/desk/pages/{page}/address`, deskSection(400)),
  'POST /desk/pages/:id/discard': aPage('/discard', 303),
  'GET /desk/pages/:id/revisions': aPage('/revisions', 200),
  'GET /desk/pages/:id/revisions/:number': aPage('/revisions/1', 200),
  'POST /desk/pages/:id/revisions/:number/restore': aPage('/revisions/1/restore', 303),
  'GET /search': [
    ...one('/search', all(200)),
    ...one('/search?q=signal', all(200)),
    ...one('/search?q=signal&page=9', all(404)),
    ...one('/search?sort=longest', all(400)),
    ...one(`/search?q=${'x'.repeat(201)}`, all(422)),
  ],
  'GET /feed.xml': [...one('/feed.xml', all(200)), ...one('/feed.xml?page=x', all(400))],
  'GET /feed.json': [...one('/feed.json', all(200)), ...one('/feed.json?page=99', all(404))],
  'GET /organizations/:slug/feed.xml': [
    ...one('/organizations/one-org/feed.xml', all(200)),
    ...one('/organizations/nobody/feed.xml', all(404)),
  ],
  'GET /organizations/:slug/feed.json': [
    ...one('/organizations/one-org/feed.json', all(200)),
    ...one('/organizations/one-org/feed.json?page=9', all(404)),
  ],
  'GET /categories/:slug/feed.xml': [
    ...one('/categories/cloud-service/feed.xml', all(200)),
    ...one('/categories/none/feed.xml', all(404)),
  ],
  'GET /categories/:slug/feed.json': [
    ...one('/categories/cloud-service/feed.json', all(200)),
    ...one('/categories/none/feed.json', all(404)),
  ],
  'GET /pictures/:file': [...one('/pictures/x.png', all(404)), ...one(`/pictures/${'0'.repeat(64)}.png`, all(404))],
  'GET /api/v1/briefings': one('/api/v1/briefings', all(200)),
  'GET /api/v1/search': [
    ...one('/api/v1/search?q=signal', all(200)),
    ...one('/api/v1/search?q=signal&page=9', all(404)),
    ...one('/api/v1/search?rank=1000', all(400)),
  ],
  'GET /api/v1/briefings/:slug': briefings('/api/v1/briefings/'),
  'GET /api/v1/pictures/:file': [
    ...one('/api/v1/pictures/x.png', all(404)),
    ...one(`/api/v1/pictures/${'0'.repeat(64)}.png`, all(404)),
    ...one(`/api/v1/pictures/${'0'.repeat(64)}.png?as=admin`, all(400)),
  ],
  'GET /api/openapi.json': one('/api/openapi.json', all(200)),
  'USE /api': one('/api/v2', all(404)),
  'USE /assets/:fingerprint': [
    ...one('/assets/x/site.css', all(200)),
    ...one('/assets/x/none.css', all(404)),
    ...one('/assets/x/styles/site/4-print.css', all(404)),
  ],
  'GET /looks/:edition/:file': [...one('/looks/1/e30.css', all(200)), ...one('/looks/1/x.css', all(404))],
  'GET /site-pictures/:file': [
    ...one(`/site-pictures/${'0'.repeat(64)}-32x32.png`, all(404)),
    ...one('/site-pictures/x.svg', all(404)),
  ],
  'GET /site.webmanifest': one('/site.webmanifest', all(404)),
  'GET /robots.txt': one('/robots.txt', all(200)),
  'GET /.well-known/security.txt': one('/.well-known/security.txt', all(200)),
  'GET /llms.txt': one('/llms.txt', all(200)),
  'GET /sitemap.xml': one('/sitemap.xml', all(200)),
  'GET /sitemap-sections.xml': one('/sitemap-sections.xml', all(200)),
  'GET /sitemap-briefings.xml': one('/sitemap-briefings.xml', all(200)),
  'GET /healthz': one('/healthz', all(200)),
  'POST /webhooks/stripe': one('/webhooks/stripe', all(400)),
  // None of them is set.
  'POST /webhooks/mail': one('/webhooks/mail', all(404)),
  'POST /webhooks/mailgun': one('/webhooks/mailgun', all(404)),
  'POST /webhooks/postmark': one('/webhooks/postmark', all(404)),
  'GET /readyz': one('/readyz', all(200)),
  // To whoever is on this machine, as the tests are.
  'GET /metrics': one('/metrics', all(200)),
  'GET /dev/mail': one('/dev/mail', all(200)),
  'GET /dev/mail/:id': one(`/dev/mail/${NOBODYS}`, all(404)),
  'GET /login': one('/login', { out: 200, in: 303 }),
  'POST /login': [...one('/login', all(400)), ...one('/login', all(422), { email: '', password: '' })],
  'GET /login/second-factor': one('/login/second-factor', all(303)),
  'POST /login/second-factor': one('/login/second-factor', all(400)),
  'POST /login/passkey/options': one('/login/passkey/options', all(200)),
  'POST /login/passkey': one('/login/passkey', all(400)),
  'POST /logout': one('/logout', all(303)),
  'GET /join': one('/join', all(303)),
  'GET /join/:freeTier': one('/join/strategy-circle', { out: 200, in: 303 }),
  'POST /join/:freeTier': [
    ...one('/join/strategy-circle', all(400)),
    ...one('/join/strategy-circle', all(422), { name: '', email: '', password: '' }),
  ],
  'GET /pricing': [
    ...one('/pricing', all(200)),
    ...one('/pricing?per=year', all(200)),
    ...one('/pricing?per=week', all(400)),
  ],
  'GET /join/:paidTier': [
    ...one('/join/leadership-alliance', all(200)),
    ...one('/join/public', all(404)),
    ...one('/join/nobody', all(404)),
  ],
  'POST /join/:paidTier': [
    ...one('/join/nobody', owners(404), { per: 'month' }),
    ...one('/join/leadership-alliance', owners(400)),
    ...one('/join/leadership-alliance', owners(503), { per: 'month' }),
  ],
  'GET /join/:paidTier/done': [
    ...one('/join/nobody/done?session_id=cs_test_nobodys', owners(404)),
    ...one('/join/leadership-alliance/done', owners(404)),
    ...one('/join/leadership-alliance/done?session_id=cs_test_nobodys', owners(404)),
  ],
  'GET /account/billing': [
    ...one('/account/billing', owners(200)),
    ...one('/account/billing?page=2', owners(404)),
    ...one('/account/billing?page=x', owners(400)),
  ],
  'POST /account/billing/look': [
    ...one('/account/billing/look', owners(303)),
    ...one('/account/billing/look', owners(400), { more: 'x' }),
  ],
  'GET /account/billing/back': one('/account/billing/back', owners(303)),
  'POST /account/billing/portal': [
    ...one('/account/billing/portal', owners(404)),
    ...one('/account/billing/portal', owners(400), { customer: 'cus_another' }),
  ],
  'GET /account/billing/invoice': [
    ...one('/account/billing/invoice?id=in_nobodys', owners(404)),
    ...one('/account/billing/invoice', owners(400)),
  ],
  'GET /account/billing/invoice/pdf': [
    ...one('/account/billing/invoice/pdf?id=in_nobodys', owners(404)),
    ...one('/account/billing/invoice/pdf?id=x', owners(400)),
  ],
  'GET /account/billing/plan': [
    ...one('/account/billing/plan?subscription=sub_nobodys&to=year', owners(404)),
    ...one('/account/billing/plan', owners(400)),
  ],
  'POST /account/billing/plan': [
    ...one('/account/billing/plan', owners(400)),
    ...one('/account/billing/plan', owners(404), { subscription: 'sub_nobodys', to: 'year', date: '1700000000' }),
  ],
  'GET /account/billing/cancel': [
    ...one('/account/billing/cancel?subscription=sub_nobodys', owners(404)),
    ...one('/account/billing/cancel', owners(400)),
  ],
  'POST /account/billing/cancel': [
    ...one('/account/billing/cancel', owners(404), { subscription: 'sub_nobodys' }),
    ...one('/account/billing/cancel', owners(400)),
  ],
  'POST /account/billing/keep': [
    ...one('/account/billing/keep', owners(404), { subscription: 'sub_nobodys' }),
    ...one('/account/billing/keep', owners(400)),
  ],
  'GET /verify': one('/verify?token=x', all(410)),
  'POST /verify': one('/verify', all(410), { token: 'x' }),
  'GET /join/sent': one('/join/sent', all(200)),
  'GET /join/confirm': one('/join/confirm?token=x', all(410)),
  'POST /join/confirm': one('/join/confirm', all(410), { token: 'x' }),
  'GET /verify/claim': one('/verify/claim?token=x', all(410)),
  'POST /verify/claim': one('/verify/claim', all(410), { token: 'x' }),
  'GET /verify/claimed': one('/verify/claimed', all(200)),
  'GET /reset': one('/reset', all(200)),
  'POST /reset': one('/reset', all(400)),
  'GET /reset/sent': one('/reset/sent', all(200)),
  'GET /invitation': [...one('/invitation', all(410)), ...one(`/invitation?token=${'x'.repeat(43)}`, all(410))],
  'POST /invitation': one('/invitation', all(410), { token: 'x'.repeat(43), password: '' }),
  'GET /reset/choose': one('/reset/choose?token=x', all(410)),
  'POST /reset/choose': one('/reset/choose', all(410), { token: 'x', 'new-password': 'a long enough password' }),
  'GET /reset/done': one('/reset/done', all(200)),
  'GET /goodbye': one('/goodbye', all(200)),
  'GET /account': one('/account', owners(200)),
  'POST /account/verify': one('/account/verify', owners(303)),
  'GET /account/reading-list': [
    ...one('/account/reading-list', owners(200)),
    ...one('/account/reading-list?page=9', owners(404)),
  ],
  ...Object.fromEntries(
    ['', '/remove'].map((act) => [
      `POST /account/reading-list${act}`,
      [
        ...one(`/account/reading-list${act}`, owners(400)),
        ...one(`/account/reading-list${act}`, { ...owners(404), by: { suspended: 401 } }, { briefing: 'a-draft' }),
      ],
    ]),
  ),
  'GET /account/profile': one('/account/profile', owners(200)),
  'POST /account/profile': one('/account/profile', owners(400)),
  'POST /account/email': one('/account/email', owners(400)),
  'GET /account/security': one('/account/security', owners(200)),
  'POST /account/password': one('/account/password', owners(400)),
  'POST /account/sessions/end-others': one('/account/sessions/end-others', owners(303)),
  'POST /account/sessions/:id/end': [
    ...one(`/account/sessions/${NOBODYS}/end`, owners(404)),
    ...one('/account/sessions/x/end', owners(404)),
  ],
  ...Object.fromEntries(
    ['feed.xml', 'feed.json'].flatMap((file) => [
      [`GET /feeds/:token/${file}`, [...one(`/feeds/x/${file}`, all(404)), ...one(`/feeds/{feed}/${file}`, all(200))]],
      [
        `GET /feeds/:token/categories/:slug/${file}`,
        [
          ...one(`/feeds/x/categories/cloud-service/${file}`, all(404)),
          ...one(`/feeds/{feed}/categories/cloud-service/${file}`, all(200)),
          ...one(`/feeds/{feed}/categories/none/${file}`, all(404)),
          ...one(`/feeds/{feed}/categories/cloud-service/${file}?page=x`, all(400)),
        ],
      ],
    ]),
  ),
  'GET /account/letters': one('/account/letters', owners(200)),
  'POST /account/letters': [
    ...one('/account/letters', owners(400)),
    ...one('/account/letters', { ...owners(400), by: { suspended: 401 } }, { list: 'hourly', lang: 'en' }),
    ...one('/account/letters', { ...owners(303), by: { suspended: 401 } }, { list: 'none', lang: 'en' }),
  ],
  'GET /admin/webhooks': one('/admin/webhooks', adminSection(200, 403)),
  'GET /admin/webhooks/new': one('/admin/webhooks/new', adminSection(200, 403)),
  'POST /admin/webhooks/new': [
    ...one('/admin/webhooks/new', adminSection(422, 403)),
    ...one('/admin/webhooks/new', adminSection(400, 403), { x: '1' }),
  ],
  'GET /admin/webhooks/:id': [
    ...one('/admin/webhooks/{webhook}', adminSection(200, 403)),
    ...one('/admin/webhooks/{webhook}?page=x', adminSection(400, 403)),
    ...one(`/admin/webhooks/${NOBODYS}`, adminSection(404, 403)),
  ],
  ...Object.fromEntries(
    ['delete', 'rotate'].flatMap((act) => [
      [
        `GET /admin/webhooks/:id/${act}`,
        [
          ...one(`/admin/webhooks/{webhook}/${act}`, adminSection(200, 403)),
          ...one(`/admin/webhooks/${NOBODYS}/${act}`, adminSection(404, 403)),
        ],
      ],
      [
        `POST /admin/webhooks/:id/${act}`,
        [
          ...one(`/admin/webhooks/${NOBODYS}/${act}`, adminSection(404, 403)),
          ...one(`/admin/webhooks/{webhook}/${act}`, adminSection(400, 403), { x: '1' }),
        ],
      ],
    ]),
  ),
  ...Object.fromEntries(
    ['pause', 'resume', 'deliveries/:delivery/again'].map((act) => [
      `POST /admin/webhooks/:id/${act}`,
      [
        ...one(`/admin/webhooks/${NOBODYS}/${act.replace(':delivery', NOBODYS)}`, adminSection(404, 403)),
        ...one(`/admin/webhooks/{webhook}/${act.replace(':delivery', NOBODYS)}`, adminSection(400, 403), { x: '1' }),
      ],
    ]),
  ),
  'GET /account/follow': [
    ...one('/account/follow', owners(400)),
    ...one('/account/follow?organization=one-org', owners(200)),
    ...one('/account/follow?category=No', owners(400)),
  ],
  'POST /account/follow': [
    ...one('/account/follow', owners(400)),
    ...one('/account/follow', { ...owners(400), by: { suspended: 401 } }, { query: '', list: 'each' }),
    ...one('/account/follow', { ...owners(303), by: { suspended: 401 } }, { query: 'q=a', list: 'none' }),
  ],
  'POST /account/follow/list': [
    ...one('/account/follow/list', owners(400)),
    ...one('/account/follow/list', { ...owners(404), by: { suspended: 401 } }, { id: NOBODYS, list: 'none' }),
  ],
  'POST /account/follow/remove': [
    ...one('/account/follow/remove', owners(400)),
    ...one('/account/follow/remove', { ...owners(303), by: { suspended: 401 } }, { id: NOBODYS }),
  ],
  'GET /subscribe': one('/subscribe', { out: 200, in: 303 }),
  'POST /subscribe': [
    ...one('/subscribe', all(400)),
    ...one('/subscribe', all(422), { email: 'x', list: 'each', lang: 'en' }),
    ...one('/subscribe', all(400), { email: 'x@example.org', list: 'none', lang: 'en' }),
  ],
  'GET /subscribe/sent': one('/subscribe/sent', all(200)),
  'GET /subscribe/confirmed': one('/subscribe/confirmed', all(200)),
  'GET /subscribe/confirm': one('/subscribe/confirm?token=x', all(410)),
  'POST /subscribe/confirm': [
    ...one('/subscribe/confirm', all(410)),
    ...one('/subscribe/confirm', all(410), { token: 'x'.repeat(43) }),
  ],
  'GET /letters/choose': one('/letters/choose?token=x', all(410)),
  'POST /letters/choose': [
    ...one('/letters/choose', all(400)),
    ...one('/letters/choose', all(410), { token: 'x', list: 'each', lang: 'en' }),
  ],
  'GET /letters/leave': one('/letters/leave?token=x', all(404)),
  'POST /letters/leave': [...one('/letters/leave', all(400)), ...one('/letters/leave', all(404), { token: 'x' })],
  'GET /letters/read/:lang/:token/:slug': [
    ...one(`/letters/read/en/${'0'.repeat(48)}/a-signal`, all(302)),
    ...one('/letters/read/en/x/nobody-wrote-this', all(302)),
    ...one('/letters/read/en/x/a_b', all(404)),
  ],
  'GET /letters/one-click': one('/letters/one-click?token=x', all(302)),
  'POST /letters/one-click': one('/letters/one-click?token=x', all(404)),
  'GET /desk/briefings/:id/issue': aBriefing('/issue', 200),
  'POST /desk/briefings/:id/issue': [
    ...one('/desk/briefings/{signal}/issue', deskSection(400)),
    ...one('/desk/briefings/{signal}/issue', deskSection(422), { do: 'send', submission: NOBODYS }),
    ...one('/desk/briefings/{draft}/issue', deskSection(409), { do: 'send', submission: NOBODYS }),
  ],
  'GET /desk/briefings/:id/issue/preview': [
    ...one('/desk/briefings/{signal}/issue/preview', deskSection(400)),
    ...one('/desk/briefings/{signal}/issue/preview?as=public&lang=en&part=text', deskSection(200)),
    ...one('/desk/briefings/{draft}/issue/preview?as=public&lang=en', deskSection(404)),
  ],
  'GET /desk/issues': [...one('/desk/issues', deskSection(200)), ...one('/desk/issues?page=x', deskSection(400))],
  'GET /desk/issues/:id': [
    ...one('/desk/issues/{issue}', deskSection(200)),
    ...one(`/desk/issues/${NOBODYS}`, deskSection(404)),
    ...one('/desk/issues/x', deskSection(404)),
  ],
  'GET /desk/issues/:id/stop': [
    ...one('/desk/issues/{waiting}/stop', deskSection(200)),
    ...one('/desk/issues/{issue}/stop', deskSection(404)),
  ],
  ...Object.fromEntries(
    ['pause', 'resume', 'stop'].map((act) => [
      `POST /desk/issues/:id/${act}`,
      [
        ...one(`/desk/issues/{issue}/${act}`, deskSection(409)),
        ...one(`/desk/issues/${NOBODYS}/${act}`, deskSection(404)),
      ],
    ]),
  ),
  'GET /gifts/:token': [
    ...one('/gifts/x', all(404)),
    // Who reads as far by themselves is sent to the briefing's own page.
    ...one('/gifts/{gift}', {
      ...all(200),
      by: { alliance: 302, inGrace: 302, comped: 302, trial: 302, editor: 302, admin: 302 },
    }),
    ...one('/gifts/{ended}', all(410)),
  ],
  'GET /gifts/:token/pictures/:file': [
    ...one('/gifts/x/pictures/x.png', all(404)),
    ...one('/gifts/{gift}/pictures/x.png', all(404)),
    ...one(`/gifts/{ended}/pictures/${'0'.repeat(64)}.png`, all(404)),
  ],
  'GET /account/gifts': [...one('/account/gifts', owners(200)), ...one('/account/gifts?page=9', owners(404))],
  'POST /account/gifts': [
    ...one('/account/gifts', owners(400)),
    ...one('/account/gifts', { ...owners(404), by: { suspended: 401 } }, { briefing: 'a-draft' }),
    ...one('/account/gifts', GIVERS(201, { suspended: 401 }), { briefing: 'a-signal' }),
  ],
  'GET /account/gifts/new': [
    ...one('/account/gifts/new', owners(400)),
    ...one('/account/gifts/new?briefing=tomorrow', owners(404)),
    ...one('/account/gifts/new?briefing=a-signal', GIVERS(200)),
  ],
  'GET /account/gifts/:id/revoke': [
    ...one(`/account/gifts/${NOBODYS}/revoke`, owners(404)),
    ...one('/account/gifts/x/revoke', owners(404)),
  ],
  'POST /account/gifts/:id/revoke': [
    ...one(`/account/gifts/${NOBODYS}/revoke`, owners(404)),
    ...one('/account/gifts/x/revoke', owners(404)),
  ],
  'GET /account/feed': one('/account/feed', owners(200)),
  'POST /account/feed': [...one('/account/feed', owners(201)), ...one('/account/feed', owners(400), { token: 'x' })],
  'POST /account/feed/end': one('/account/feed/end', owners(303)),
  'GET /account/tokens': one('/account/tokens', owners(200)),
  'POST /account/tokens': one('/account/tokens', owners(400)),
  'POST /account/tokens/:id/revoke': [
    ...one(`/account/tokens/${NOBODYS}/revoke`, owners(404)),
    ...one('/account/tokens/x/revoke', owners(404)),
  ],
  'GET /account/second-factor': one('/account/second-factor', owners(200)),
  'POST /account/second-factor/start': one('/account/second-factor/start', { ...owners(200), staff: 303 }),
  'POST /account/second-factor/confirm': [
    ...one('/account/second-factor/confirm', owners(400)),
    ...one('/account/second-factor/confirm', owners(303), { code: '' }),
  ],
  'POST /account/second-factor/codes': one('/account/second-factor/codes', owners(400)),
  'POST /account/second-factor/off': one('/account/second-factor/off', owners(400)),
  'GET /account/passkeys': one('/account/passkeys', owners(200)),
  'POST /account/passkeys': one('/account/passkeys', owners(400)),
  'GET /account/passkeys/new': one('/account/passkeys/new', owners(200)),
  'POST /account/passkeys/new': one('/account/passkeys/new', owners(200)),
  'GET /account/passkeys/drop-password': one('/account/passkeys/drop-password', owners(200)),
  'POST /account/passkeys/drop-password': one('/account/passkeys/drop-password', owners(422)),
  'GET /account/passkeys/:id/remove': one(`/account/passkeys/${NOBODYS}/remove`, owners(404)),
  'POST /account/passkeys/:id/remove': one(`/account/passkeys/${NOBODYS}/remove`, owners(404)),
  'GET /account/data': one('/account/data', owners(200)),
  'POST /account/export': one('/account/export', owners(200)),
  'POST /account/delete': one('/account/delete', owners(400)),
  'GET /desk': one('/desk', deskSection(200)),
  'GET /desk/calendar': one('/desk/calendar', deskSection(200)),
  'GET /desk/front': one('/desk/front', deskSection(200)),
  'POST /desk/front': [
    ...one('/desk/front', deskSection(400)),
    ...one('/desk/front', deskSection(409), { briefing: NOBODYS, act: 'hide' }),
  ],
  'GET /desk/confidence': one('/desk/confidence', deskSection(200)),
  'POST /desk/confidence': one('/desk/confidence', { ...deskSection(400), by: { editor: 403, admin: 400 } }),
  'GET /desk/import': one('/desk/import', deskSection(200)),
  'POST /desk/import': one('/desk/import', deskSection(400)),
  'GET /desk/samples': one('/desk/samples', deskSection(200)),
  'GET /desk/samples/load': one('/desk/samples/load', deskSection(200)),
  'POST /desk/samples/load': one('/desk/samples/load', deskSection(400)),
  'GET /desk/samples/remove': one('/desk/samples/remove', deskSection(200)),
  'POST /desk/samples/remove': [
    ...one('/desk/samples/remove', deskSection(400)),
    ...one('/desk/samples/remove', deskSection(409), { version: 'x' }),
  ],
  'POST /desk/briefings': [
    ...one('/desk/briefings', deskSection(400)),
    ...one('/desk/briefings', deskSection(422), { title: '', lang: 'en', category: 'cloud-service' }),
  ],
  ...Object.fromEntries(
    ['', '/cover', '/pictures', '/preview', '/publish', '/revisions', '/export', '/unpublish', '/archive'].map(
      (room) => [`GET /desk/briefings/:id${room}`, aBriefing(room, 200)],
    ),
  ),
  'GET /desk/briefings/:id/delete': aBriefing('/delete', 200, '{draft}'),
  'GET /desk/briefings/:id/revisions/:number': aBriefing('/revisions/1', 200),
  'POST /desk/briefings/:id': aBriefing('', 409),
  'GET /desk/briefings/:id/pictures/:name': aBriefing('/pictures/map.png', 200),
  'POST /desk/briefings/:id/pictures': one(`/desk/briefings/${NOBODYS}/pictures`, deskSection(400)),
  'POST /desk/briefings/:id/pictures/:name/remove': aBriefing('/pictures/map.png/remove', 409),
  'POST /desk/briefings/:id/pictures/:name/restore': aBriefing('/pictures/map.png/restore', 404),
  'GET /desk/briefings/:id/points/:point': aBriefing(`/points/${NOBODYS}`, 404),
  'POST /desk/briefings/:id/points/:point/restore': aBriefing(`/points/${NOBODYS}/restore`, 404),
  'GET /desk/categories': one('/desk/categories', deskSection(200)),
  'POST /desk/categories': one('/desk/categories', deskSection(400)),
  'GET /desk/categories/:slug': [
    ...one('/desk/categories/cloud-service', deskSection(200)),
    ...one('/desk/categories/none', deskSection(404)),
  ],
  'GET /desk/categories/:slug/delete': [
    ...one('/desk/categories/cloud-service/delete', deskSection(200)),
    ...one('/desk/categories/none/delete', deskSection(404)),
  ],
  ...Object.fromEntries(
    ['', '/move', '/delete'].map((act) => [
      `POST /desk/categories/:slug${act}`,
      one(`/desk/categories/none${act}`, deskSection(400)),
    ]),
  ),
  'GET /desk/organizations': [
    ...one('/desk/organizations?q=one&sort=briefings', deskSection(200)),
    ...one('/desk/organizations?page=9', deskSection(404)),
  ],
  'POST /desk/organizations': one('/desk/organizations', deskSection(400)),
  ...Object.fromEntries(
    ['', '/delete'].flatMap((room) => [
      [
        `GET /desk/organizations/:slug${room}`,
        [
          ...one(`/desk/organizations/one-org${room}`, deskSection(200)),
          ...one(`/desk/organizations/none${room}`, deskSection(404)),
        ],
      ],
      [`POST /desk/organizations/:slug${room}`, one(`/desk/organizations/none${room}`, deskSection(400))],
    ]),
  ),
  'GET /desk/organizations/:slug/merge': [
    ...one('/desk/organizations/one-org/merge', deskSection(200)),
    ...one('/desk/organizations/one-org/merge?other=none', deskSection(422)),
    ...one('/desk/organizations/none/merge', deskSection(404)),
  ],
  'POST /desk/organizations/:slug/merge': [
    ...one('/desk/organizations/one-org/merge', deskSection(400)),
    ...one('/desk/organizations/one-org/merge', deskSection(404), { other: 'none', version: 'x' }),
    ...one('/desk/organizations/one-org/merge', deskSection(422), { other: 'one-org', version: 'x' }),
  ],
  'GET /desk/authors': one('/desk/authors', deskSection(200)),
  'POST /desk/authors': one('/desk/authors', deskSection(400)),
  ...Object.fromEntries(
    ['', '/delete'].flatMap((room) => [
      [
        `GET /desk/authors/:slug${room}`,
        [
          ...one(`/desk/authors/an-author${room}`, deskSection(200)),
          ...one(`/desk/authors/none${room}`, deskSection(404)),
        ],
      ],
      [`POST /desk/authors/:slug${room}`, one(`/desk/authors/none${room}`, deskSection(400))],
    ]),
  ),
  'POST /desk/authors/:slug/picture': one('/desk/authors/none/picture', deskSection(400)),
  'POST /desk/authors/:slug/picture/remove': [
    ...one('/desk/authors/an-author/picture/remove', deskSection(303)),
    ...one('/desk/authors/none/picture/remove', deskSection(404)),
  ],
  'POST /desk/briefings/:id/cover': one(`/desk/briefings/${NOBODYS}/cover`, deskSection(400)),
  'POST /desk/briefings/:id/publish': [
    ...one(`/desk/briefings/${NOBODYS}/publish`, deskSection(400)),
    ...one(`/desk/briefings/${NOBODYS}/publish`, deskSection(404), { act: 'publish', version: 'x' }),
  ],
  'POST /desk/briefings/:id/corrections': [
    ...one(`/desk/briefings/${NOBODYS}/corrections`, deskSection(400)),
    ...one(`/desk/briefings/${NOBODYS}/corrections`, deskSection(404), { submission: NOBODYS, 'correction.en': 'x' }),
  ],
  'POST /desk/briefings/:id/discard': aBriefing('/discard', 303),
  'POST /desk/briefings/:id/delete': aBriefing('/delete', 409),
  'POST /desk/briefings/:id/cover/remove': aBriefing('/cover/remove', 409),
  'POST /desk/briefings/:id/cover/restore': aBriefing('/cover/restore', 409),
  'GET /desk/briefings/:id/revisions/:number/close': [
    ...one('/desk/briefings/{revised}/revisions/2/close', deskSection(200)),
    ...aBriefing('/revisions/1/close', 404),
  ],
  'POST /desk/briefings/:id/revisions/:number/close': [
    ...one('/desk/briefings/{revised}/revisions/2/close', deskSection(400)),
    ...one('/desk/briefings/{revised}/revisions/2/close', deskSection(422), { reason: '' }),
    ...one('/desk/briefings/{signal}/revisions/1/close', deskSection(404), { reason: 'x' }),
  ],
  'GET /desk/briefings/:id/revisions/:number/reopen': [
    ...one('/desk/briefings/{revised}/revisions/1/reopen', deskSection(200)),
    ...aBriefing('/revisions/1/reopen', 404),
  ],
  'POST /desk/briefings/:id/revisions/:number/reopen': [
    ...one('/desk/briefings/{revised}/revisions/2/reopen', deskSection(303)),
    ...aBriefing('/revisions/1/reopen', 404),
  ],
  'POST /desk/briefings/:id/revisions/:number/restore': aBriefing('/revisions/1/restore', 303),
  'POST /desk/briefings/:id/corrections/:correction/withdraw': aBriefing('/corrections/{correction}/withdraw', 303),
  'GET /admin': one('/admin', adminSection(200, 303)),
  'GET /admin/members': [
    ...one('/admin/members', adminSection(200, 200)),
    ...one('/admin/members?order=x', adminSection(400, 400)),
    ...one('/admin/members?after=x', adminSection(400, 400)),
  ],
  'POST /admin/members/export': one('/admin/members/export', adminSection(200, 403)),
  'GET /admin/subscribers': [
    ...one('/admin/subscribers', adminSection(200, 200)),
    ...one('/admin/subscribers?list=x', adminSection(400, 400)),
    ...one('/admin/subscribers?page=0', adminSection(400, 400)),
  ],
  'GET /admin/letters': [
    ...one('/admin/letters', adminSection(200, 200)),
    ...one('/admin/letters?issue={issue}', adminSection(200, 200)),
    ...one(`/admin/letters?issue=${NOBODYS}`, adminSection(404, 404)),
    ...one('/admin/letters?state=x', adminSection(400, 400)),
  ],
  'POST /admin/subscribers/export': one('/admin/subscribers/export', adminSection(200, 403)),
  'GET /admin/subscribers/:id/remove': [
    ...one('/admin/subscribers/{subscriber}/remove', adminSection(200, 403)),
    ...one(`/admin/subscribers/${NOBODYS}/remove`, adminSection(404, 403)),
    ...one('/admin/subscribers/x/remove', adminSection(404, 403)),
  ],
  'GET /admin/subscribers/:id/lift-mail-block': [
    ...one('/admin/subscribers/{subscriber}/lift-mail-block', adminSection(200, 403)),
    ...one('/admin/subscribers/x/lift-mail-block', adminSection(404, 403)),
  ],
  'POST /admin/subscribers/:id/lift-mail-block': [
    ...one('/admin/subscribers/{subscriber}/lift-mail-block', adminSection(400, 403)),
    ...one(`/admin/subscribers/${NOBODYS}/lift-mail-block`, adminSection(404, 403), {
      submission: NOBODYS,
      version: 'x',
    }),
  ],
  'POST /admin/subscribers/:id/remove': [
    ...one('/admin/subscribers/{subscriber}/remove', adminSection(400, 403)),
    ...one(`/admin/subscribers/${NOBODYS}/remove`, adminSection(404, 403), { submission: NOBODYS, version: 'x' }),
  ],
  'GET /admin/members/:id': [
    ...one('/admin/members/{member}', adminSection(200, 200)),
    ...one(`/admin/members/${NOBODYS}`, adminSection(404, 404)),
    ...one('/admin/members/x', adminSection(404, 404)),
  ],
  ...memberActions,
  'GET /admin/staff': [
    ...one('/admin/staff', adminSection(200, 403)),
    ...one('/admin/staff?state=none', adminSection(400, 403)),
    ...one('/admin/staff?page=0', adminSection(400, 403)),
  ],
  'GET /admin/staff/invite': one('/admin/staff/invite', adminSection(200, 403)),
  'POST /admin/staff/invite': [
    ...one('/admin/staff/invite', adminSection(400, 403)),
    ...one('/admin/staff/invite', adminSection(422, 403), {
      submission: NOBODYS,
      email: 'x',
      role: 'reader',
      lang: 'xx',
    }),
  ],
  ...Object.fromEntries(
    ['resend', 'revoke'].flatMap((name) => {
      const at = `/admin/staff/invitations/${NOBODYS}/${name}`;
      return [
        [
          `GET /admin/staff/invitations/:id/${name}`,
          [
            ...one(`/admin/staff/invitations/{invitation}/${name}`, adminSection(200, 403)),
            ...one(at, adminSection(404, 403)),
            ...one(`/admin/staff/invitations/x/${name}`, adminSection(404, 403)),
          ],
        ],
        [
          `POST /admin/staff/invitations/:id/${name}`,
          [
            ...one(at, adminSection(400, 403)),
            ...one(at, adminSection(404, 403), { submission: NOBODYS, version: 'x' }),
          ],
        ],
      ];
    }),
  ),
  'GET /admin/billing': one('/admin/billing', adminSection(200, 403)),
  'POST /admin/billing/reconcile': [
    ...one('/admin/billing/reconcile', adminSection(400, 403)),
    ...one('/admin/billing/reconcile', adminSection(400, 403), { submission: NOBODYS, scope: 'nobody' }),
  ],
  'GET /admin/billing/alarms': [
    ...one('/admin/billing/alarms', adminSection(200, 403)),
    ...one('/admin/billing/alarms?state=x', adminSection(400, 403)),
    ...one('/admin/billing/alarms?page=0', adminSection(400, 403)),
  ],
  ...Object.fromEntries(
    ['settle', 'reopen'].map((act) => [
      `POST /admin/billing/alarms/:id/${act}`,
      [
        ...one(`/admin/billing/alarms/${NOBODYS}/${act}`, adminSection(400, 403)),
        ...one(`/admin/billing/alarms/${NOBODYS}/${act}`, adminSection(404, 403), { submission: NOBODYS }),
        ...one(`/admin/billing/alarms/x/${act}`, adminSection(404, 403), { submission: NOBODYS }),
      ],
    ]),
  ),
  'GET /admin/billing/inbox': [
    ...one('/admin/billing/inbox', adminSection(200, 403)),
    ...one('/admin/billing/inbox?state=x', adminSection(400, 403)),
    ...one('/admin/billing/inbox?after=x', adminSection(400, 403)),
  ],
  'GET /admin/billing/event': [
    ...one('/admin/billing/event?id=evt_nobodys', adminSection(404, 403)),
    ...one('/admin/billing/event', adminSection(400, 403)),
  ],
  'POST /admin/billing/event/replay': [
    ...one('/admin/billing/event/replay', adminSection(400, 403)),
    ...one('/admin/billing/event/replay', adminSection(404, 403), { submission: NOBODYS, id: 'evt_nobodys' }),
  ],
  'GET /admin/billing/inbox/replay-dead': one('/admin/billing/inbox/replay-dead', adminSection(200, 403)),
  'POST /admin/billing/inbox/replay-dead': [
    ...one('/admin/billing/inbox/replay-dead', adminSection(400, 403)),
    ...one('/admin/billing/inbox/replay-dead', adminSection(303, 403), { submission: NOBODYS }),
  ],
  'POST /admin/billing/inbox/export': [
    ...one('/admin/billing/inbox/export', adminSection(200, 403)),
    ...one('/admin/billing/inbox/export', adminSection(400, 403), { state: 'x' }),
  ],
  'POST /admin/billing/alarms/export': [
    ...one('/admin/billing/alarms/export', adminSection(200, 403)),
    ...one('/admin/billing/alarms/export', adminSection(400, 403), { kind: 'x' }),
  ],
  'GET /admin/billing/drift': [
    ...one('/admin/billing/drift', adminSection(200, 403)),
    ...one('/admin/billing/drift?customer=x', adminSection(422, 403)),
    ...one('/admin/billing/drift?customer=cus_x', adminSection(303, 403)),
  ],
  'GET /admin/billing/compare': [
    ...one('/admin/billing/compare', adminSection(400, 403)),
    ...one('/admin/billing/compare?customer=cus_x', adminSection(503, 403)),
  ],
  'POST /admin/billing/repair': [
    ...one('/admin/billing/repair', adminSection(400, 403)),
    ...one('/admin/billing/repair', adminSection(503, 403), { submission: NOBODYS, customer: 'cus_x' }),
  ],
  'GET /admin/members/:id/billing': [
    ...one('/admin/members/{member}/billing', adminSection(200, 403)),
    ...one(`/admin/members/${NOBODYS}/billing`, adminSection(404, 403)),
    ...one('/admin/members/x/billing', adminSection(404, 403)),
  ],
  ...Object.fromEntries(
    ['sync', 'cancel-end', 'cancel-now', 'keep', 'refund', 'letter'].flatMap((name) => {
      const at = `/admin/members/${NOBODYS}/billing/${name}`;
      return [
        [
          `GET /admin/members/:id/billing/${name}`,
          [
            ...one(`/admin/members/{member}/billing/${name}`, adminSection(200, 403)),
            ...one(at, adminSection(404, 403)),
            ...one(`/admin/members/x/billing/${name}`, adminSection(404, 403)),
          ],
        ],
        [
          `POST /admin/members/:id/billing/${name}`,
          [
            ...one(at, adminSection(400, 403)),
            ...one(at, adminSection(404, 403), { submission: NOBODYS, version: 'x', reason: 'x' }),
          ],
        ],
      ];
    }),
  ),
  'GET /admin/numbers': [
    ...one('/admin/numbers', adminSection(200, 403)),
    ...one('/admin/numbers?range=all', adminSection(200, 403)),
    ...one('/admin/numbers?range=x', adminSection(400, 403)),
  ],
  'GET /admin/numbers/:table': [
    ...one('/admin/numbers/revenue.csv', adminSection(200, 403)),
    ...one('/admin/numbers/gates.csv?range=30-days', adminSection(200, 403)),
    ...one('/admin/numbers/revenue.csv?range=x', adminSection(400, 403)),
    ...one('/admin/numbers/passages.csv', adminSection(404, 403)),
  ],
  'GET /admin/health': one('/admin/health', adminSection(200, 403)),
  'GET /admin/matrix': [
    ...one('/admin/matrix', adminSection(200, 403)),
    ...one('/admin/matrix?trend=nobody', adminSection(200, 403)),
    ...one('/admin/matrix?trend=public&trend=public', adminSection(400, 403)),
  ],
  'GET /admin/matrix/change': [
    ...one('/admin/matrix/change', adminSection(422, 403)),
    ...one('/admin/matrix/change?trend=nobody', adminSection(422, 403)),
    ...one('/admin/matrix/change?trend=public', adminSection(200, 403)),
  ],
  'POST /admin/matrix/change': [
    ...one('/admin/matrix/change', adminSection(400, 403)),
    ...one('/admin/matrix/change', adminSection(422, 403), { submission: NOBODYS, version: 'x', trend: 'nobody' }),
    ...one('/admin/matrix/change', adminSection(409, 403), {
      submission: NOBODYS,
      version: 'x',
      trend: 'public',
      public: 'yes',
      reason: 'x',
    }),
  ],
  'GET /admin/settings': one('/admin/settings', adminSection(200, 403)),
  'GET /admin/settings/pictures': one('/admin/settings/pictures', adminSection(200, 403)),
  'POST /admin/settings/pictures': one('/admin/settings/pictures', adminSection(400, 403)),
  'GET /admin/settings/:setting': [
    ...one('/admin/settings/identity', adminSection(200, 403)),
    ...one('/admin/settings/nothing', adminSection(404, 403)),
  ],
  'POST /admin/settings/:setting': [
    ...one('/admin/settings/identity', adminSection(400, 403)),
    ...one('/admin/settings/identity', adminSection(422, 403), {
      submission: NOBODYS,
      version: 'x',
      'name.en': 'x'.repeat(99),
    }),
    ...one('/admin/settings/nothing', adminSection(404, 403), { submission: NOBODYS, version: 'x' }),
  ],
  'GET /admin/shape': one('/admin/shape', adminSection(200, 403)),
  'GET /admin/shape/:group/new': [
    ...one('/admin/shape/kinds/new', adminSection(200, 403)),
    ...one('/admin/shape/bands/new', adminSection(404, 403)),
    ...one('/admin/shape/nothing/new', adminSection(404, 403)),
  ],
  'POST /admin/shape/:group/new': [
    ...one('/admin/shape/kinds/new', adminSection(400, 403)),
    ...one('/admin/shape/kinds/new', adminSection(422, 403), { submission: NOBODYS, 'name-en': '', 'name-es': '' }),
    ...one('/admin/shape/bands/new', adminSection(404, 403), { submission: NOBODYS, 'name-en': 'x', 'name-es': '' }),
  ],
  'GET /admin/shape/:group/:slug/names': [
    ...one('/admin/shape/bands/d/names', adminSection(200, 403)),
    ...one('/admin/shape/bands/nothing/names', adminSection(404, 403)),
  ],
  'POST /admin/shape/:group/:slug/names': [
    ...one('/admin/shape/bands/d/names', adminSection(400, 403)),
    ...one('/admin/shape/bands/d/names', adminSection(422, 403), {
      ...{ submission: NOBODYS, version: 'x', 'name-en': '', 'name-es': '' },
    }),
    ...one('/admin/shape/bands/nothing/names', adminSection(404, 403), {
      ...{ submission: NOBODYS, version: 'x', 'name-en': 'x', 'name-es': '' },
    }),
  ],
  'POST /admin/shape/:group/:slug/move': [
    ...one('/admin/shape/kinds/trend/move', adminSection(400, 403)),
    ...one('/admin/shape/kinds/nothing/move', adminSection(404, 403), { submission: NOBODYS, way: 'up' }),
    ...one('/admin/shape/bands/d/move', adminSection(404, 403), { submission: NOBODYS, way: 'up' }),
  ],
  ...Object.fromEntries(
    ['retire', 'offer', 'delete'].flatMap((room) => [
      [
        `GET /admin/shape/:group/:slug/${room}`,
        [
          ...one(`/admin/shape/types/policy/${room}`, adminSection(200, 403)),
          ...one(`/admin/shape/types/nothing/${room}`, adminSection(404, 403)),
          ...one(`/admin/shape/bands/d/${room}`, adminSection(404, 403)),
        ],
      ],
      [
        `POST /admin/shape/:group/:slug/${room}`,
        [
          ...one(`/admin/shape/types/policy/${room}`, adminSection(400, 403)),
          ...one(`/admin/shape/types/policy/${room}`, adminSection(409, 403), { submission: NOBODYS, version: 'x' }),
          ...one(`/admin/shape/types/nothing/${room}`, adminSection(404, 403), { submission: NOBODYS, version: 'x' }),
        ],
      ],
    ]),
  ),
  'GET /admin/tiers': one('/admin/tiers', adminSection(200, 403)),
  'GET /admin/export': one('/admin/export', adminSection(200, 403)),
  'POST /admin/export': one('/admin/export', adminSection(200, 403)),
  'GET /admin/import': [
    ...one('/admin/import', adminSection(200, 403)),
    ...one('/admin/import?page=0', adminSection(400, 403)),
  ],
  'POST /admin/import': one('/admin/import', adminSection(400, 403)),
  'GET /admin/import/:id': [
    ...one('/admin/import/{import}', adminSection(200, 403)),
    ...one(`/admin/import/${NOBODYS}`, adminSection(404, 403)),
    ...one('/admin/import/x', adminSection(404, 403)),
  ],
  'GET /admin/import/:id/pictures': [
    ...one('/admin/import/{posts}/pictures', adminSection(200, 403)),
    ...one('/admin/import/{import}/pictures', adminSection(404, 403)),
  ],
  'POST /admin/import/:id/pictures': [
    ...one('/admin/import/{posts}/pictures', adminSection(400, 403)),
    ...one('/admin/import/{import}/pictures', adminSection(404, 403)),
  ],
  'POST /admin/import/:id/check': [
    ...one(`/admin/import/${NOBODYS}/check`, adminSection(400, 403)),
    ...one(`/admin/import/${NOBODYS}/check`, adminSection(404, 403), { submission: NOBODYS, version: '1' }),
  ],
  'POST /admin/import/:id/refused': [
    ...one('/admin/import/{import}/refused', adminSection(200, 403)),
    ...one(`/admin/import/${NOBODYS}/refused`, adminSection(404, 403)),
  ],
  ...Object.fromEntries(
    ['run', 'stop', 'resume', 'take-back', 'remove'].flatMap((act) => [
      [
        `GET /admin/import/:id/${act}`,
        [
          ...one(`/admin/import/{import}/${act}`, adminSection(200, 403)),
          ...one(`/admin/import/${NOBODYS}/${act}`, adminSection(404, 403)),
        ],
      ],
      [
        `POST /admin/import/:id/${act}`,
        [
          ...one(`/admin/import/${NOBODYS}/${act}`, adminSection(400, 403)),
          ...one(`/admin/import/${NOBODYS}/${act}`, adminSection(404, 403), { submission: NOBODYS, version: '1' }),
        ],
      ],
    ]),
  ),
  'GET /admin/import/prices': one('/admin/import/prices', adminSection(200, 403)),
  'POST /admin/import/prices/count': one('/admin/import/prices/count', adminSection(303, 403)),
  'GET /admin/import/prices/map': [
    ...one('/admin/import/prices/map?price=price_x', adminSection(200, 403)),
    ...one('/admin/import/prices/map?price=price_y', adminSection(404, 403)),
  ],
  'POST /admin/import/prices/map': [
    ...one('/admin/import/prices/map', adminSection(400, 403)),
    ...one('/admin/import/prices/map', adminSection(404, 403), {
      submission: NOBODYS,
      version: 'none',
      price: 'price_y',
    }),
  ],
  'GET /admin/tiers/:slug/texts': [
    ...one('/admin/tiers/public/texts', adminSection(200, 403)),
    ...one('/admin/tiers/nobody/texts', adminSection(404, 403)),
  ],
  'POST /admin/tiers/:slug/texts': [
    ...one('/admin/tiers/public/texts', adminSection(400, 403)),
    ...one('/admin/tiers/nobody/texts', adminSection(404, 403), { version: 'x' }),
  ],
  'GET /admin/tiers/new': [
    ...one('/admin/tiers/new', adminSection(200, 403)),
    ...one('/admin/tiers/new?name=&below=nobody&joining=x', adminSection(422, 403)),
  ],
  'POST /admin/tiers/new': [
    ...one('/admin/tiers/new', adminSection(400, 403)),
    ...one('/admin/tiers/new', adminSection(422, 403), { submission: NOBODYS, version: 'x' }),
  ],
  ...Object.fromEntries(
    ['order', 'joining', 'retire', 'offer', 'delete'].flatMap((room) => [
      [
        `GET /admin/tiers/:slug/${room}`,
        [
          ...one(`/admin/tiers/strategy-circle/${room}`, adminSection(200, 403)),
          ...one(`/admin/tiers/nobody/${room}`, adminSection(404, 403)),
        ],
      ],
      [
        `POST /admin/tiers/:slug/${room}`,
        [
          ...one(`/admin/tiers/strategy-circle/${room}`, adminSection(400, 403)),
          ...one(`/admin/tiers/public/${room}`, adminSection(409, 403), { submission: NOBODYS, version: 'x' }),
          ...one(`/admin/tiers/nobody/${room}`, adminSection(404, 403), { submission: NOBODYS, version: 'x' }),
        ],
      ],
    ]),
  ),
  'GET /admin/tiers/:slug/price': [
    ...one('/admin/tiers/leadership-alliance/price', adminSection(200, 403)),
    ...one('/admin/tiers/leadership-alliance/price?month=x&year=1', adminSection(422, 403)),
    ...one('/admin/tiers/public/price', adminSection(200, 403)),
    ...one('/admin/tiers/nobody/price', adminSection(404, 403)),
  ],
  'POST /admin/tiers/:slug/price': [
    ...one('/admin/tiers/leadership-alliance/price', adminSection(400, 403)),
    ...one('/admin/tiers/nobody/price', adminSection(404, 403), { submission: NOBODYS, version: 'x' }),
    ...one('/admin/tiers/public/price', adminSection(409, 403), { submission: NOBODYS, version: 'x', month: '49' }),
    ...one('/admin/tiers/leadership-alliance/price', adminSection(409, 403), {
      submission: NOBODYS,
      version: 'x',
      month: '59',
      year: '590',
      reason: 'x',
    }),
  ],
  'GET /setup': [...one('/setup', all(404)), ...one(`/setup?token=${'x'.repeat(43)}`, all(404))],
  'POST /setup': one('/setup', all(404), { token: 'x'.repeat(43) }),
  'GET /setup/publication': one('/setup/publication', all(404)),
  'POST /setup/publication': one('/setup/publication', all(404), { name: 'x' }),
  'GET /setup/admin': one('/setup/admin', all(404)),
  'POST /setup/admin': one('/setup/admin', all(404), { name: '', email: '', password: '' }),
  'GET /setup/factor': one('/setup/factor', all(404)),
  'POST /setup/factor': one('/setup/factor', all(404), { code: '123456' }),
  'GET /setup/content': one('/setup/content', adminSection(200, 403)),
  'POST /setup/content': one('/setup/content', adminSection(400, 403), { do: 'x' }),
  'GET /setup/services': one('/setup/services', adminSection(200, 403)),
  'POST /setup/services': one('/setup/services', adminSection(400, 403), { do: 'x' }),
  'GET /admin/settings/languages': one('/admin/settings/languages', adminSection(200, 403)),
  'GET /admin/settings/languages/change': [
    ...one('/admin/settings/languages/change?change=first&code=es', adminSection(200, 403)),
    ...one('/admin/settings/languages/change?change=off&code=en', adminSection(422, 403)),
    ...one('/admin/settings/languages/change?change=none', adminSection(400, 403)),
  ],
  'POST /admin/settings/languages/change': [
    ...one('/admin/settings/languages/change', adminSection(400, 403)),
    ...one('/admin/settings/languages/change', adminSection(409, 403), {
      ...{ submission: NOBODYS, version: 'x', change: 'first', code: 'es' },
    }),
  ],
  'GET /admin/settings/time': [
    ...one('/admin/settings/time', adminSection(200, 403)),
    ...one('/admin/settings/time?zone=Nowhere&dates=iso', adminSection(422, 403)),
  ],
  'POST /admin/settings/time': [
    ...one('/admin/settings/time', adminSection(400, 403)),
    ...one('/admin/settings/time', adminSection(409, 403), {
      ...{ submission: NOBODYS, version: 'x', zone: 'Europe/Zurich', dates: 'iso' },
    }),
  ],
  'GET /admin/settings/phrases': [
    ...one('/admin/settings/phrases', adminSection(200, 403)),
    ...one('/admin/settings/phrases?lang=xx', adminSection(400, 403)),
  ],
  'GET /admin/settings/phrases/edit': [
    ...one('/admin/settings/phrases/edit?lang=es&key=nav.join', adminSection(200, 403)),
    ...one('/admin/settings/phrases/edit?lang=es&key=none', adminSection(404, 403)),
  ],
  'POST /admin/settings/phrases/edit': [
    ...one('/admin/settings/phrases/edit', adminSection(400, 403)),
    ...one('/admin/settings/phrases/edit', adminSection(409, 403), {
      ...{ submission: NOBODYS, version: 'x', lang: 'en', key: 'nav.join', text: 'Come in' },
    }),
  ],
  'GET /admin/audit': [
    ...one('/admin/audit', adminSection(200, 403)),
    ...one('/admin/audit?after=x', adminSection(400, 403)),
  ],
  'POST /admin/audit/export': one('/admin/audit/export', adminSection(200, 403)),
};

/** Files under a fingerprint that changes with them. */
const SAME_AS_ASSETS = /^USE \/assets\/[a-z0-9]{12}$/;

const nameOf = ({ method, path }: Route) => `${method} ${path.replace(/^\/es(?=\/|$)/, '') || '/'}`;
const prefixOf = ({ path }: Route) => (/^\/es(?:\/|$)/.test(path) ? '/es' : '');
/** Not logged in, or no longer; and those who have a role. */
const NOBODY: readonly Name[] = ['visitor', 'suspended'];
const STAFF: readonly Name[] = ['support', 'editor', 'admin'];
/**
 * Readers are answered alike, and so are those who are not logged in: `npm test` asks each question as one of either in
 * turn, the long tests as all.
 */
const READERS = (Object.keys(CAST) as Name[]).filter((name) => !NOBODY.includes(name) && !STAFF.includes(name));
/**
 * Who tries the other languages, which are the same routes once more: one of these in turn, or all in the long tests.
 */
const AUTHORS = '\n    - key: an-author\n      name: An Author';
const SOME: readonly Name[] = ['visitor', 'suspended', 'circle', 'admin'];
const inTurn = (names: readonly Name[], turn: number): readonly Name[] =>
  LONG ? names : [names[turn % names.length]!];

beforeAll(async () => {
  dossier = await startDossier();
  const plain = (slug: string, changes: Record<string, string | null>) => original({ slug, ...changes }, '');
  await dossier.take('a-signal', {
    'en.md': original({ formerly: '[an-older-name]', authors: AUTHORS }).replace('The open body.', '![A map](map.png)'),
    'es.md': SPANISH,
    'map.png': await aPicture('png', 10, false),
  });
  await dossier.take('a-draft', {
    'en.md': plain('a-draft', { state: 'draft', published: null, formerly: '[a-draft-before]' }),
  });
  for (const impact of ['low', 'medium', 'high'])
    await dossier.take('revised', { 'en.md': plain('revised', { impact }) });
  await dossier.take('tomorrow', { 'en.md': plain('tomorrow', { published: '2999-01-01T00:00:00Z' }) });
  const map = await dossier.wall.read(editorialViewer, (db) =>
    db.figure.findFirstOrThrow({ where: { name: 'map.png' }, select: { pictureId: true } }),
  );
  const page = await writePage(dossier, 'about', {
    formerly: 'about-us',
    content: {
      original: 'en',
      authors: [],
      texts: { en: { title: 'About', description: '', body: '![A map](map.png)' } },
    },
    pictures: { 'map.png': map.pictureId },
  });
  await writePage(dossier, 'terms');
  await writePage(dossier, 'a-page-in-the-making', { publish: false });
  cast = await enterAll(dossier);
  routes = listRoutes(dossier.app.router);
  ids = { ...(await idsOf()), page };
});
afterAll(() => dossier.stop());

/** By what stands for it in a path, the id of something that is there. */
let ids: Readonly<
  Record<
    | 'signal'
    | 'revised'
    | 'draft'
    | 'member'
    | 'invitation'
    | 'import'
    | 'posts'
    | 'page'
    | 'feed'
    | 'gift'
    | 'ended'
    | 'issue'
    | 'waiting'
    | 'subscriber'
    | 'webhook',
    string
  >
>;

async function idsOf(): Promise<Omit<typeof ids, 'page'>> {
  const idOf = (slug: string) =>
    dossier.wall.read(editorialViewer, async (db) => (await db.briefing.findUniqueOrThrow({ where: { slug } })).id);
  const now = new Date();
  const invitation = await dossier.wall.write(accountsViewer, (db) =>
    db.invitation.create({
      data: {
        ...{ email: 'invited@example.org', role: 'editor', lang: 'en', hash: 'x', inviterId: cast.admin.id },
        ...{ sentAt: now, expiresAt: new Date(now.getTime() + 3_600_000) },
      },
    }),
  );
  const imported = await dossier.wall.write(accountsViewer, async (db) => {
    const price = { productId: 'prod_x', name: 'Gold', currency: 'eur', amountCents: 500, interval: 'month' };
    await db.foundPrice.create({ data: { ...price, stripeId: 'price_x', subscriptions: 1, countedAt: new Date() } });
    const table = { name: 'members.csv', state: 'done', header: ['email'], createdAt: new Date() };
    const posts = { name: 'posts.json', kind: 'posts', state: 'read', createdAt: new Date() };
    return {
      ...(await db.import.create({ data: table, select: { id: true } })),
      posts: (await db.import.create({ data: posts, select: { id: true } })).id,
    };
  });
  const feed = makeFeedToken();
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.create({
      data: { email: 'follows@example.org', name: 'x', lang: 'en', feed: { create: { hash: feed.hash } } },
    }),
  );
  const subscriber = await dossier.wall.write(accountsViewer, (db) =>
    db.subscriber.create({ data: { email: 'subscribes@example.org', list: 'each', lang: 'en', confirmedAt: now } }),
  );
  const signal = await idOf('a-signal');
  const gift = async (days: number) => {
    const { token, hash } = makeGiftToken();
    const ends = { briefingId: signal, hash, expiresAt: new Date(now.getTime() + days * 86_400_000) };
    await dossier.wall.write(accountsViewer, (db) =>
      db.giftLink.create({ data: { accountId: cast.comped.id!, ...ends }, select: { id: true } }),
    );
    return token;
  };
  const anIssue = (state: string) => {
    const words = { briefingIds: [], audience: { lists: [], tiers: [], labels: [] }, state };
    return dossier.wall.write(accountsViewer, (db) =>
      db.issue.create({ data: { ...words, sendAt: now, createdAt: now, touchedAt: now }, select: { id: true } }),
    );
  };
  const webhook = await dossier.wall.write(accountsViewer, (db) =>
    db.webhook.create({ data: { name: 'x', url: 'https://example.org', events: [], secret: 'x', createdAt: now } }),
  );
  return {
    webhook: webhook.id,
    subscriber: subscriber.id,
    issue: (await anIssue('sent')).id,
    waiting: (await anIssue('paused')).id,
    feed: feed.token,
    gift: await gift(1),
    ended: await gift(-1),
    signal,
    revised: await closedOnce(await idOf('revised')),
    draft: await idOf('a-draft'),
    member: cast.comped.id!,
    invitation: invitation.id,
    import: imported.id,
    posts: imported.posts,
  };
}

/** The same briefing, whose first revision an editor has closed. */
async function closedOnce(briefingId: string): Promise<string> {
  const row = { briefingId, number: 1, reason: 'A name was wrong.', lang: 'en' };
  await dossier.wall.write(editorialViewer, (db) => db.closedRevision.createMany({ data: [row] }));
  return briefingId;
}

/** The path with ids in it; a correction is a new one each time, since it goes with the asking. */
async function withIds(path: string): Promise<string> {
  const correction = path.includes('{correction}')
    ? await dossier.wall.write(editorialViewer, (db) =>
        db.correction.create({ data: { briefingId: ids.signal, texts: { create: { lang: 'en', text: 'A word.' } } } }),
      )
    : null;
  return path
    .replace('{correction}', correction?.id ?? '')
    .replace(/\{(\w+)\}/g, (_whole, what: string) => ids[what as keyof typeof ids]);
}

interface Told {
  readonly headers: Readonly<Record<string, string>>;
  readonly origin?: string | null;
  readonly form?: Case['form'];
}

async function ask(
  method: string,
  path: string,
  { headers, origin = dossier.url, form = {} }: Told,
): Promise<Response> {
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const answer = await fetch(`${dossier.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...headers,
      ...(changes
        ? { 'Content-Type': 'application/x-www-form-urlencoded', ...(origin === null ? {} : { Origin: origin }) }
        : {}),
    },
    ...(changes ? { body: new URLSearchParams(form).toString() } : {}),
  });
  await answer.arrayBuffer();
  return answer;
}

/** The login each of the cast has at the moment. */
const logins = new Map<Name, Readonly<Record<string, string>>>();

/** A login that nothing before has ended. */
const freshly = async ({ id }: Member): Promise<Record<string, string>> => ({ Cookie: await logIn(dossier, id!) });

/**
 * Asks as one of the cast, with the login they have; an answer that ends it, or puts another in its place, is their
 * last with it. The same one again, with a later end, is none of these.
 */
async function askAs(name: Name, method: string, path: string, told: Partial<Told> = {}): Promise<number> {
  if (cast[name].id !== null && !logins.has(name)) logins.set(name, await freshly(cast[name]));
  const login = logins.get(name);
  const { status, headers } = await ask(method, await withIds(path), {
    ...told,
    headers: { ...login, ...told.headers },
  });
  if (headers.getSetCookie().some((one) => !one.startsWith(`${login?.['Cookie']};`))) logins.delete(name);
  return status;
}

/**
 * A form for the rooms of work comes back, with what was typed, to a browser whose login has ended
 * (tests/desk/login-ended.test.ts).
 */
const comesBack = (name: Name, method: string, path: string): boolean =>
  name === 'suspended' && method === 'POST' && /^\/(?:desk|admin)\//.test(path);

test('every route has a row, and every row a route', () => {
  const declared = new Set(routes.map(nameOf).filter((name) => !SAME_AS_ASSETS.test(name)));
  expect([...declared].filter((name) => !(name in TABLE)).sort()).toEqual([]);
  expect(
    Object.keys(TABLE)
      .filter((name) => !declared.has(name))
      .sort(),
  ).toEqual([]);
});

/** What was removed is only there to be put back once it was (tests/desk); all of it is behind the desk's one door. */
const PUT_BACK = / \/desk\/briefings\/:id\/(?:pictures\/:name\/restore|points\/)/;

test('every door tells apart who may enter: there is a case in which 404 is not what anybody is told', () => {
  const blind = Object.entries(TABLE)
    .filter(([route]) => / \/(?:desk|admin)(?:\/|$)/.test(route) && !PUT_BACK.test(route))
    .filter(([, cases]) => cases.every(({ answers }) => answers.by?.admin === answers.in))
    .map(([route]) => route);
  expect(blind).toEqual([]);
});

/** What the table says that one of the cast is answered. */
const expectedOf = ({ answers }: Case, name: Name, method: string, path: string): number => {
  if (comesBack(name, method, path)) return 401;
  const theirs = answers.by?.[name];
  if (theirs !== undefined) return theirs;
  if (NOBODY.includes(name)) return answers.out;
  return STAFF.includes(name) ? (answers.staff ?? answers.in) : answers.in;
};

/** Rooms with a door before all of them: who is not logged in is led there, whatever they ask for. */
const BEHIND_A_DOOR = /^(?:\/es)?\/(?:account|desk|admin|setup\/(?:content|services))(?:\/|$)/;

/** Where there is no door, a login that has ended is none; behind one, both are led to it. */
const someNobody = ({ path }: Case, turn: number): readonly Name[] =>
  BEHIND_A_DOOR.test(path) ? inTurn(NOBODY, turn) : NOBODY;

const inLanguage = (route: Route, path: string) =>
  prefixOf(route) + (prefixOf(route) ? path.replace(/^\/(?=$|\?)/, '') : path);

test('each of the cast is answered as the table says, in every language', async () => {
  const questions = routes
    .filter((one) => nameOf(one) in TABLE)
    .flatMap((route) => TABLE[nameOf(route)]!.map((one) => ({ route, one })))
    .map(({ route, one }, turn) => ({
      method: route.method === 'USE' ? 'GET' : route.method,
      at: inLanguage(route, one.path),
      one,
      names:
        prefixOf(route) === '' ? [...someNobody(one, turn), ...STAFF, ...inTurn(READERS, turn)] : inTurn(SOME, turn),
    }));
  const asked = new Set<Name>();
  const wrong: unknown[] = [];
  const askFor = async (name: Name) => {
    for (const { method, at, one, names } of questions) {
      if (!names.includes(name)) continue;
      const status = await askAs(name, method, at, one.form ? { form: one.form } : {});
      const expected = expectedOf(one, name, method, one.path);
      if (status !== expected) wrong.push([name, `${method} ${at}`, status, expected]);
      asked.add(name);
    }
  };
  await Promise.all((Object.keys(cast) as Name[]).map(askFor));
  expect(wrong).toEqual([]);
  expect([...asked].sort()).toEqual(Object.keys(cast).sort());
}, 400_000);

/** Where a request comes from that is not our own page, and who is made to send it. */
const STRANGE: readonly { readonly name: Name; readonly origin?: string | null; readonly site?: string }[] = (
  ['visitor', 'circle', 'admin'] as const
).flatMap((name) => [
  ...['https://evil.example', 'null', null, 'http://127.0.0.1.evil.example'].map((origin) => ({ name, origin })),
  { name, site: 'cross-site' },
]);

test('whatever may change something is refused from another origin, and from none, to everybody', async () => {
  // Stripe sends from elsewhere, and its signature says that it is Stripe (tests/billing/webhook.test.ts).
  // So do those who tell of bounces (tests/issues/reports.test.ts).
  // Mail programs leave a list from wherever they run, by a token that does nothing else (tests/issues/sections).
  const reports = ['/webhooks/mail', '/webhooks/mailgun', '/webhooks/postmark'];
  const elsewhere = ['/webhooks/stripe', '/letters/one-click', ...reports];
  const changing = routes.filter(({ method, path }) => !['GET', 'USE'].includes(method) && !elsewhere.includes(path));
  expect(changing.length).toBeGreaterThan(100);
  const strangely = async ({ method, path }: Route, { name, origin, site }: (typeof STRANGE)[number]) => {
    const told = { ...(origin === undefined ? {} : { origin }), headers: site ? { 'Sec-Fetch-Site': site } : {} };
    const status = await askAs(name, method, path.replace(/:\w+/g, NOBODYS), told);
    expect([method, path, name, origin, site, status]).toEqual([method, path, name, origin, site, 403]);
  };
  // The refusal stands before every route, so each is asked once, in turn in one of these ways; and one in all of them.
  for (const [at, route] of changing.entries()) await strangely(route, STRANGE[at % STRANGE.length]!);
  for (const strange of STRANGE)
    await strangely(
      changing.find(({ path }) => path === '/account/profile')!,
      strange,
    );
}, 400_000);

/** An address of the route. Routes of the publisher's own pages come last, and take the addresses there are alone. */
const addressed = (path: string): string =>
  path
    .replace('/:slug/versions', '/terms/versions')
    .replace(/^(\/es)?\/:slug$/, '$1/about')
    .replace(/:\w+/g, NOBODYS);

test('a route answers no method but its own', async () => {
  const methods = new Map<string, string[]>();
  for (const { method, path } of routes)
    if (method !== 'USE') methods.set(path, [...(methods.get(path) ?? []), method]);
  expect(methods.size).toBeGreaterThan(200);
  const wrong: unknown[] = [];
  let turn = 0;
  for (const [path, own] of methods) {
    const others = ['POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !own.includes(one));
    const foreign = path.startsWith('/es/') && !LONG ? [others[turn++ % others.length]!] : others;
    for (const method of foreign) {
      // Who would get furthest: an admin behind the door, where a visitor is led to it; anybody elsewhere.
      const [first, second] = BEHIND_A_DOOR.test(path)
        ? (['admin', 'visitor'] as const)
        : (['visitor', 'admin'] as const);
      const also = LONG || (method === foreign[0] && !path.startsWith('/es/'));
      for (const name of also ? [first, second] : [first]) {
        const status = await askAs(name, method, addressed(path));
        const expected = name === 'visitor' && BEHIND_A_DOOR.test(path) ? 303 : 405;
        if (status !== expected) wrong.push([method, path, name, status, expected]);
      }
    }
  }
  expect(wrong).toEqual([]);
}, 400_000);

describe('what belongs to somebody', () => {
  test.each(['circle', 'alliance', 'admin'] as const)(
    'a login of another is not there for %s to end; their own is',
    async (name) => {
      const [own, foreign] = await dossier.wall.write(accountsViewer, async (db) => [
        await db.login.create({ data: { accountId: cast[name].id!, device: 'a test' } }),
        await db.login.create({ data: { accountId: cast.stranger.id!, device: 'a test' } }),
      ]);
      const ended = async (id: string) =>
        (await ask('POST', `/account/sessions/${id}/end`, { headers: await freshly(cast[name]) })).status;
      expect([await ended(foreign.id), await ended(NOBODYS), await ended(own.id)]).toEqual([404, 404, 303]);
      expect(
        (await dossier.wall.read(accountsViewer, (db) => db.login.findUniqueOrThrow({ where: { id: foreign.id } })))
          .endedAt,
      ).toBeNull();
    },
  );

  test.each(['circle', 'alliance', 'admin'] as const)(
    'a token of another is not there for %s to revoke; their own is',
    async (name) => {
      const make = (accountId: string) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.apiToken.create({ data: { accountId, name: 'a test', hash: makeApiToken().hash, scopes: [] } }),
        );
      const [own, foreign] = [await make(cast[name].id!), await make(cast.stranger.id!)];
      const revoked = async (id: string) =>
        (await ask('POST', `/account/tokens/${id}/revoke`, { headers: await freshly(cast[name]) })).status;
      expect([await revoked(foreign.id), await revoked(NOBODYS), await revoked(own.id)]).toEqual([404, 404, 303]);
      expect(
        (await dossier.wall.read(accountsViewer, (db) => db.apiToken.findUniqueOrThrow({ where: { id: foreign.id } })))
          .revokedAt,
      ).toBeNull();
    },
  );
});

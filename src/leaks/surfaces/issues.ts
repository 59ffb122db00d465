import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** Letters to many: what is chosen and left, and the desk's sections for them. What letters say is walked apart. */
export const ISSUE_SURFACES: readonly Surface[] = [
  { route: 'GET /account/letters' },
  { route: 'POST /account/letters', form: { list: 'none', lang: 'en' } },
  {
    route: 'GET /account/follow',
    addresses: ({ category, run, published }) => [
      `/account/follow?organization=${run}-first`,
      `/account/follow?organization=${run}-second`,
      `/account/follow?category=${category}`,
      `/account/follow?q=title+${published[0]}&region=x`,
      '/account/follow',
    ],
  },
  { route: 'POST /account/follow', form: { query: 'q=a+word', list: 'none' } },
  { route: 'POST /account/follow/list', form: { id: NOBODYS, list: 'none' } },
  { route: 'POST /account/follow/remove', form: { id: NOBODYS } },
  { route: 'GET /subscribe' },
  { route: 'POST /subscribe', form: { email: '', list: 'each', lang: 'en' } },
  { route: 'GET /subscribe/sent' },
  { route: 'GET /subscribe/confirmed' },
  {
    route: 'GET /subscribe/confirm',
    addresses: at('/subscribe/confirm', `/subscribe/confirm?token=${'x'.repeat(43)}`),
  },
  { route: 'POST /subscribe/confirm', form: { token: '' } },
  { route: 'GET /letters/choose', addresses: at('/letters/choose', `/letters/choose?token=${'x'.repeat(64)}`) },
  { route: 'POST /letters/choose', form: { token: '', list: 'none', lang: 'en' } },
  { route: 'GET /letters/leave', addresses: at('/letters/leave', `/letters/leave?token=${'x'.repeat(64)}`) },
  { route: 'POST /letters/leave', form: { token: '' } },
  {
    route: 'GET /letters/read/:lang/:token/:slug',
    addresses: ({ published, hidden }) =>
      [...published, ...hidden].map((slug) => `/letters/read/es/${'0'.repeat(48)}/${slug}`),
  },
  { route: 'GET /letters/one-click' },
  { route: 'POST /letters/one-click' },
  ...['mail', 'mailgun', 'postmark'].map((from): Surface => ({
    route: `POST /webhooks/${from}`,
    exempt: 'takes in what a program has signed, and answers without a word; tests/issues/reports.test.ts',
  })),
  {
    route: 'GET /desk/briefings/:id/issue',
    desk: true,
    addresses: ({ published, hidden, ids }) =>
      [...published, ...hidden].map((slug) => `/desk/briefings/${ids[slug]}/issue`),
  },
  {
    route: 'GET /desk/briefings/:id/issue/preview',
    desk: true,
    addresses: ({ published: [plain], ids, steps }) =>
      ['public', steps.low.slug, steps.top.slug].flatMap((tier) =>
        ['html', 'text'].map((part) => `/desk/briefings/${ids[plain!]}/issue/preview?as=${tier}&lang=en&part=${part}`),
      ),
  },
  {
    route: 'POST /desk/briefings/:id/issue',
    desk: true,
    addresses: ({ published: [plain], ids }) => [`/desk/briefings/${ids[plain!]}/issue`],
    form: { do: 'see', submission: NOBODYS, lists: 'each', tiers: 'public' },
  },
  { route: 'GET /desk/issues', addresses: at('/desk/issues', '/desk/issues?page=2') },
  { route: 'GET /desk/issues/:id', addresses: at(`/desk/issues/${NOBODYS}`, '/desk/issues/x') },
  { route: 'GET /desk/issues/:id/stop', addresses: at(`/desk/issues/${NOBODYS}/stop`) },
  ...['pause', 'resume', 'stop'].map((act): Surface => ({
    route: `POST /desk/issues/:id/${act}`,
    addresses: at(`/desk/issues/${NOBODYS}/${act}`),
  })),
];

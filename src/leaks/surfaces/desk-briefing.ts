import type { Planted } from '../plant';
import type { Surface } from '../surface';
import { NOBODYS, at } from './addresses';

/** A section of a briefing at the desk: of one that readers have, of one that nobody may know of, and of none. */
const atDesk =
  (section: string) =>
  ({ ids, published: [plain], hidden: [draft] }: Planted) =>
    [ids[plain!], ids[draft!], NOBODYS].map((id) => `/desk/briefings/${id}${section}`);

/** The sections of one briefing at the desk. */
export const DESK_BRIEFING_SURFACES: readonly Surface[] = [
  {
    route: 'GET /desk/briefings/:id/preview',
    desk: true,
    addresses: (planted) =>
      ['', `?as=${planted.steps.low.slug}`, `?as=${planted.steps.top.slug}&lang=es`].flatMap((as) =>
        atDesk(`/preview${as}`)(planted),
      ),
  },
  ...['', '/cover', '/pictures', '/publish', '/revisions', '/export', '/delete', '/unpublish', '/archive'].map(
    (section): Surface => ({
      route: `GET /desk/briefings/:id${section}`,
      desk: true,
      addresses: atDesk(section),
    }),
  ),
  { route: 'GET /desk/briefings/:id/pictures/:name', desk: true, addresses: atDesk('/pictures/evidence.png') },
  { route: 'GET /desk/briefings/:id/revisions/:number', desk: true, addresses: atDesk('/revisions/1') },
  ...['close', 'reopen'].map((act): Surface => ({
    route: `GET /desk/briefings/:id/revisions/:number/${act}`,
    desk: true,
    addresses: atDesk(`/revisions/1/${act}`),
  })),
  // Nothing of these is taken: the version is another, the form is not whole, or there is no such briefing.
  { route: 'POST /desk/briefings/:id', desk: true, addresses: atDesk(''), form: { version: 'x' } },
  { route: 'POST /desk/briefings/:id/cover', desk: true, addresses: atDesk('/cover'), form: { version: 'x' } },
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
    'revisions/:number/close',
    'revisions/:number/reopen',
    'corrections/:correction/withdraw',
  ].map((action): Surface => ({
    route: `POST /desk/briefings/:id/${action}`,
    desk: true,
    addresses: at(
      `/desk/briefings/${NOBODYS}/${action.replace(':number', '1').replace(/:correction|:point/, NOBODYS)}`,
    ),
  })),
];

import type { Planted } from '../plant';
import type { Surface } from '../surface';
import { everyBriefing } from './addresses';

const revised = ({ published }: Planted): string => published.find((slug) => slug.endsWith('-revised'))!;

/** A briefing's page, its revisions and its pictures. */
export const READING_SURFACES: readonly Surface[] = [
  {
    route: 'GET /briefings/:slug',
    addresses: (planted) => everyBriefing(planted).map((slug) => `/briefings/${slug}`),
    near: ({ published: [plain], hidden: [draft] }) => [`/briefings/${plain}`, `/briefings/${draft}`],
    shows: 'pages',
  },
  ...['cite', 'citation.txt', 'citation.bib', 'citation.ris', 'citation.json', 'sharing.png'].map((part): Surface => ({
    route: `GET /briefings/:slug/${part}`,
    addresses: (planted) => everyBriefing(planted).map((slug) => `/briefings/${slug}/${part}`),
  })),
  {
    route: 'GET /oembed',
    addresses: (planted) =>
      everyBriefing(planted).flatMap((slug) => [`/oembed?url=/briefings/${slug}`, `/oembed?url=/es/briefings/${slug}`]),
    near: ({ published: [plain] }) => [`/oembed?url=/briefings/${plain}`],
  },
  {
    route: 'GET /briefings/:slug/revisions',
    addresses: (planted) => everyBriefing(planted).map((slug) => `/briefings/${slug}/revisions`),
  },
  {
    // Of `revised`: one that readers had, one that is closed, one that they never had, what they have now, and none.
    route: 'GET /briefings/:slug/revisions/:number',
    shows: 'pages',
    addresses: (planted) => [
      ...everyBriefing(planted).map((slug) => `/briefings/${slug}/revisions/1`),
      ...[2, 3, 4, 5].map((number) => `/briefings/${revised(planted)}/revisions/${number}`),
    ],
    near: (planted) => [`/briefings/${revised(planted)}/revisions/1`],
  },
  {
    route: 'GET /briefings/:slug/revisions/:number/changes',
    addresses: (planted) => [
      ...everyBriefing(planted).map((slug) => `/briefings/${slug}/revisions/1/changes`),
      ...['2/changes', '3/changes', '1/changes?to=2', '1/changes?to=3', '4/changes?to=1'].map(
        (part) => `/briefings/${revised(planted)}/revisions/${part}`,
      ),
    ],
    near: (planted) => [`/briefings/${revised(planted)}/revisions/1/changes`],
  },
  {
    route: 'GET /pictures/:file',
    shows: 'pages',
    addresses: ({ pictures }) => ['x.png', `${'0'.repeat(64)}.png`, ...pictures].map((file) => `/pictures/${file}`),
    near: ({ pictures: [, gated] }) => [`/pictures/${gated}`],
  },
];

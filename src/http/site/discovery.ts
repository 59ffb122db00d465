import { Router } from 'express';
import type { SiteSettings } from '../../site/settings/catalogue';
import { onlyMethods } from '../errors';

/** Programs that gather texts to train models on, and those that fetch a page to answer somebody's question. */
const TRAINERS = [
  'GPTBot',
  'ClaudeBot',
  'anthropic-ai',
  'CCBot',
  'Google-Extended',
  'Applebot-Extended',
  'Meta-ExternalAgent',
  'Bytespider',
  'Amazonbot',
  'cohere-training-data-crawler',
];
const ANSWERERS = [
  'ChatGPT-User',
  'OAI-SearchBot',
  'Claude-User',
  'Claude-SearchBot',
  'PerplexityBot',
  'Perplexity-User',
  'DuckAssistBot',
  'MistralAI-User',
];

/** Sections in which there is nothing to find. Each language has them below its own address. */
const CLOSED = ['/account', '/admin', '/desk', '/login', '/logout'];

type Discovery = SiteSettings['current']['discovery'];

const group = (agents: readonly string[], rules: readonly string[]): string =>
  [...agents.map((agent) => `User-agent: ${agent}`), ...rules].join('\n');

/**
 * What `/robots.txt` says (RFC 9309).
 * @param prefixes what stands before the paths of each language.
 */
export function robotsTxt({ indexed, aiCrawlers }: Discovery, prefixes: readonly string[]): string {
  if (!indexed) return `${group(['*'], ['Disallow: /'])}\n`;
  const refused = aiCrawlers === 'allowed' ? [] : aiCrawlers === 'refused' ? [...TRAINERS, ...ANSWERERS] : TRAINERS;
  const closed = prefixes.flatMap((prefix) => CLOSED.map((path) => `Disallow: ${prefix}${path}`));
  const groups = [...(refused.length > 0 ? [group(refused, ['Disallow: /'])] : []), group(['*'], closed)];
  return `${groups.join('\n\n')}\n`;
}

/** The headers that say the same to whoever reads no `/robots.txt`; `tdm-reservation` is W3C TDMRep's. */
export function discoveryHeaders({ indexed, aiCrawlers }: Discovery): Readonly<Record<string, string>> {
  const directives = [
    ...(indexed ? [] : ['noindex', 'nofollow']),
    ...(aiCrawlers === 'allowed' ? [] : ['noai', 'noimageai']),
  ];
  return {
    ...(directives.length > 0 ? { 'X-Robots-Tag': directives.join(', ') } : {}),
    ...(aiCrawlers === 'allowed' ? {} : { 'TDM-Reservation': '1' }),
  };
}

/** Says on each answer what programs are asked for, and answers `/robots.txt`. */
export function discoveryRoutes(settings: SiteSettings, prefixes: () => readonly string[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use((_req, res, next) => {
    for (const [name, value] of Object.entries(discoveryHeaders(settings.current.discovery)))
      res.setHeader(name, value);
    next();
  });
  router
    .route('/robots.txt')
    .get((_req, res) => {
      res.setHeader('Cache-Control', 'public, max-age=300');
      res.type('text/plain').send(robotsTxt(settings.current.discovery, prefixes()));
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

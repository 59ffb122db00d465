import type { LeakRequest } from './client';

/** One way of asking for an address. */
export interface Variant {
  readonly name: string;
  ask(address: string, known: { readonly entitledTag: string | null }): LeakRequest;
}

const get = (name: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Variant => ({
  name,
  ask: (path) => ({ method, path, headers }),
});

const elsewhere = (name: string, change: (path: string, query: string) => string): Variant => ({
  name,
  ask: (address) => {
    const [path = '', query] = address.split('?');
    return { method: 'GET', path: change(path, query === undefined ? '' : `?${query}`), headers: {} };
  },
});

const asked = (name: string, query: string) =>
  elsewhere(name, (path, own) => `${path}${own ? `${own}&` : '?'}${query}`);

/** What every address is asked. */
const ALWAYS: readonly Variant[] = [
  get('GET'),
  get('OPTIONS', {}, 'OPTIONS'),
  get('Range, as JSON, in brotli', { Range: 'bytes=0-200', Accept: 'application/json', 'Accept-Encoding': 'br' }),
];

/** What is asked besides where a page shows briefings. */
const SHOWN: readonly Variant[] = [
  get('HEAD', {}, 'HEAD'),
  {
    name: 'an entitled ETag',
    ask: (path, { entitledTag }) => ({ method: 'GET', path, headers: { 'If-None-Match': entitledTag ?? '"none"' } }),
  },
];

/** What is asked besides where passages are near. */
const NEAR: readonly Variant[] = [
  get('GET again'),
  get('gzip', { 'Accept-Encoding': 'gzip' }),
  get('brotli', { 'Accept-Encoding': 'br' }),
  get('as JSON', { Accept: 'application/json' }),
  get('as Markdown, in another language', {
    Accept: 'text/markdown, application/rss+xml;q=0.9',
    'Accept-Language': 'es',
  }),
  get('Range, start', { Range: 'bytes=0-200' }),
  get('Range, middle', { Range: 'bytes=9000-20000' }),
  get('Range, end and several', { Range: 'bytes=-4000,0-20', 'If-Range': '"x"' }),
  get('not modified since', { 'If-Modified-Since': new Date().toUTCString() }),
  get('from another host', {
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'https',
    Forwarded: 'host=evil.example',
  }),
  get('rewritten', { 'X-Original-URL': '/admin', 'X-Rewrite-URL': '/admin', 'X-HTTP-Method-Override': 'PUT' }),
  get('with titles of its own', {
    'X-Rank': '1000',
    'X-Role': 'admin',
    'X-User': 'admin',
    'X-Preview': '1',
    'X-Debug': '1',
  }),
  asked('to print', 'print=1&view=amp'),
  asked('in a format', 'format=json&output=xml&lang=es'),
  asked('as a preview', 'preview=1&draft=true&revision=1&state=draft'),
  asked('with a rank', 'rank=1000&tier=leadership-alliance&as=admin&role=admin&viewer=editor'),
  asked('with more', 'include=passages&expand=passages&fields=passages,text&full=1&debug=1'),
  elsewhere('.json', (path, query) => `${path}.json${query}`),
  elsewhere('.md', (path, query) => `${path}.md${query}`),
  elsewhere(';x.css', (path, query) => `${path};x.css${query}`),
  elsewhere('/x.css', (path, query) => `${path}/x.css${query}`),
  elsewhere('a slash at the end', (path, query) => `${path}/${query}`),
  elsewhere('capitals', (path, query) => `${path.toUpperCase()}${query}`),
  elsewhere('an encoded slash', (path, query) => `/${path.slice(1).replaceAll('/', '%2f')}${query}`),
  elsewhere(
    'encoded letters',
    (path, query) => path.replace(/[a-z](?=[^/]*$)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`) + query,
  ),
  elsewhere('two slashes and a dot', (path, query) => `//.${path}${query}`),
  elsewhere('/revisions', (path, query) => `${path}/revisions/1${query}`),
];

/** How much is asked of an address. */
export type Reach = 'always' | 'shown' | 'near';

/** How an address is asked for. */
export const variantsOf = (reach: Reach): readonly Variant[] => [
  ...ALWAYS,
  ...(reach === 'always' ? [] : SHOWN),
  ...(reach === 'near' ? NEAR : []),
];

/** How a route that may change something is asked: from its own pages, from elsewhere, and in another form. */
export function changesOf(method: string, origin: string, form: Readonly<Record<string, string>>): readonly Variant[] {
  const verb = method === 'ALL' ? 'POST' : method;
  const send = (name: string, type: string, body: string, from: string): Variant => ({
    name,
    ask: (path) => ({ method: verb, path, body, headers: { 'Content-Type': type, Origin: from } }),
  });
  return [
    send(
      'from elsewhere',
      'application/x-www-form-urlencoded',
      new URLSearchParams(form).toString(),
      'https://evil.example',
    ),
    send('a form', 'application/x-www-form-urlencoded', new URLSearchParams(form).toString(), origin),
    send('JSON', 'application/json', JSON.stringify(form), origin),
  ];
}

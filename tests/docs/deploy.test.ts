import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parse, parseDocument } from 'yaml';
import { parseConfig } from '../../src/config';
import { root } from '../../src/lib/root';
import { settings } from '../../src/settings';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Service {
  readonly image?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly restart?: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly profiles?: readonly string[];
  readonly networks?: readonly string[];
  readonly deploy?: { readonly replicas: number };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const OURS = ['web', 'worker', 'migrate'];

/** The variables a text takes from `.env`, as Compose writes them. */
const taken = (text: string) => [...text.matchAll(/\$\{([A-Z\d_]+)/g)].map(([, name]) => name!);

const loadPackage = createRequire(__filename);
// The package's types name files in a way that this compiler does not follow.
const { DCLinter } = loadPackage('dclint') as {
  DCLinter: new (config: object) => { lintFiles(files: string[], fix: boolean): { messages: object[] }[] };
};
/** The Compose Specification's own JSON schema, as the linter brings it, with the x- keys that it allows. */
const composeSchema = new Ajv({ strict: false, logger: false, validateSchema: false }).compile(
  JSON.parse(
    readFileSync(
      path.join(path.dirname(loadPackage.resolve('dclint/package.json')), 'schemas/compose.schema.json'),
      'utf8',
    ),
  ) as object,
);
/** What the schema says against that text. */
function refusedBySchema(text: string): string[] {
  const wrong = composeSchema(parse(text, { merge: true })) ? [] : (composeSchema.errors ?? []);
  return wrong.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

describe('docker-compose.yml', () => {
  test('keeps to the Compose Specification, which refuses a slip of the pen anywhere', () => {
    const text = read('docker-compose.yml');
    expect(refusedBySchema(text)).toEqual([]);
    for (const [right, slip] of [
      ['healthcheck:', 'healtcheck:'],
      ['read_only: true', 'readonly: true'],
      ['condition: service_healthy', 'condition: healthy'],
      ['replicas: 2', 'replica: 2'],
      ['start_period: 30s', 'start_perod: 30s'],
      ['internal: true', 'internel: true'],
      ['max-size: 10m', 'max-size: { of: 10m }'],
      ['cap_drop: [ALL]', 'cap_drop: ALL'],
      ['\nvolumes:', '\nvolume:'],
    ] as const) {
      expect([right, text.includes(right)]).toEqual([right, true]);
      expect([slip, refusedBySchema(text.replaceAll(right, slip))]).toEqual([
        slip,
        expect.arrayContaining([expect.any(String)]),
      ]);
    }
  });

  test('has nothing a linter of Compose files warns of', () => {
    const off = Object.fromEntries(
      // In the order they are read in, not by the alphabet; Caddy's ports are for everybody.
      [
        'service-keys-order',
        'services-alphabetical-order',
        'top-level-properties-order',
        'no-unbound-port-interfaces',
      ].map((rule) => [rule, 0]),
    );
    const [found] = new DCLinter({ rules: off, quiet: false, debug: false, exclude: [] }).lintFiles(
      [path.join(root, 'docker-compose.yml')],
      false,
    );
    expect(found?.messages).toEqual([]);
  });

  test('is one document without a fault, with the services there should be', () => {
    const document = parseDocument(read('docker-compose.yml'), { merge: true, strict: true, uniqueKeys: true });
    expect([...document.errors, ...document.warnings]).toEqual([]);
    expect(services.map(([name]) => name).sort()).toEqual([
      'caddy',
      'mail',
      'migrate',
      'postgres',
      'redis',
      'web',
      'worker',
    ]);
    expect(services.filter(([, { profiles }]) => profiles).map(([name]) => name)).toEqual(['mail']);
    expect([compose.services['web']!.deploy?.replicas, compose.services['postgres']!.image]).toEqual([
      2,
      'postgres:18',
    ]);
    expect(new Set(OURS.map((name) => compose.services[name]!.image)).size).toBe(1);
  });

  test.each(services)(
    '%s has a read-only root, no capabilities to spare, a health check, a pinned image',
    (name, one) => {
      expect([one.read_only, one.cap_drop]).toEqual([true, ['ALL']]);
      expect(one.image).toMatch(/:[^:]+$/);
      expect(one.image).not.toMatch(/:latest$/);
      if (name === 'migrate') expect(one.healthcheck).toEqual({ disable: true });
      // Those of our image have the one the image brings.
      else expect(one.healthcheck !== undefined || OURS.includes(name)).toBe(true);
      for (const volume of one.volumes ?? []) {
        const [source = '', , mode] = volume.split(':');
        if (!source.startsWith('./')) expect(Object.keys(compose.volumes)).toContain(source);
        else expect([source, mode, read(source).length > 0]).toEqual([source, 'ro', true]);
      }
      for (const network of one.networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
      for (const needed of Object.keys(one.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(needed);
    },
  );

  test('starts in order, and gives the owner of the tables to the migrations alone', () => {
    const { web, worker, migrate } = compose.services;
    expect(migrate!.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const one of [web, worker]) {
      expect(one!.depends_on).toEqual({
        migrate: { condition: 'service_completed_successfully' },
        redis: { condition: 'service_healthy' },
      });
    }
    const owners = services.filter(([, { environment }]) => 'DATABASE_OWNER_URL' in (environment ?? {}));
    expect(owners.map(([name]) => name)).toEqual(['migrate']);
    for (const name of ['postgres', 'redis']) expect(compose.services[name]!.networks).toEqual(['back']);
    expect(compose.networks['back']?.internal).toBe(true);
  });

  test('is an environment that each process understands once .env is filled in', () => {
    const filled: Record<string, string> = {
      SITE_ADDRESS: 'dossier.example',
      DOSSIER_APP_PASSWORD: 'a1',
      DOSSIER_OWNER_PASSWORD: 'b2',
      SESSION_SECRET: 's'.repeat(44),
      SMTP_URL: 'smtp://mail:1025',
      MAIL_FROM: 'Dossier <letters@dossier.example>',
      STRIPE_SECRET_KEY: 'sk_live_0123456789',
      STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
    };
    for (const name of OURS) {
      const environment = Object.fromEntries(
        Object.entries(compose.services[name]!.environment!).map(([key, value]) => [
          key,
          String(value).replace(/\$\{([A-Z\d_]+)(?::[-?][^}]*)?\}/g, (_, variable: string) => filled[variable] ?? ''),
        ]),
      );
      expect(parseConfig(environment)).toMatchObject({
        mode: 'production',
        publicUrl: 'https://dossier.example',
        trustProxy: 1,
        port: 3000,
        role: name === 'migrate' ? 'all' : name,
      });
    }
  });
});

test('.env.example names every setting, and every variable that the recipe takes', () => {
  const named = [...read('.env.example').matchAll(/^#?([A-Z\d_]+)=/gm)].map(([, name]) => name!);
  const wanted = new Set([...settings.map(({ name }) => name), ...taken(read('docker-compose.yml'))]);
  // The version of the image is for an upgrade, and has a default.
  wanted.delete('DOSSIER_VERSION');
  expect([...named].sort()).toEqual([...wanted].sort());
});

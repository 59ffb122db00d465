// Imports run one way (docs/architecture.md). Each room lists the rooms it may use; anything else is a climb.
const rooms = {
  lib: [],
  access: ['lib'],
  stores: ['access', 'lib'],
  site: ['stores', 'access', 'lib'],
  http: ['site', 'stores', 'access', 'lib'],
  accounts: ['http', 'site', 'stores', 'access', 'lib'],
  membership: ['accounts', 'http', 'site', 'stores', 'access', 'lib'],
  mail: ['membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  briefings: ['membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  feeds: ['briefings', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  admin: ['billing', 'briefings', 'mail', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  desk: ['briefings', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  organizations: ['briefings', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  sitemap: ['briefings', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  search: ['briefings', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  setup: ['admin', 'billing', 'briefings', 'mail', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  leaks: ['briefings', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  api: ['search', 'briefings', 'membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  billing: ['membership', 'accounts', 'http', 'site', 'stores', 'access', 'lib'],
  // A server of its own, as far from the product as Stripe is: it knows nothing of billing, and billing nothing of it.
  sandbox: ['http', 'site', 'stores', 'access', 'lib'],
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: { pathNot: '^src/stores/prisma/' }, to: { circular: true } },
    {
      name: 'no-orphan',
      severity: 'error',
      from: { orphan: true, pathNot: ['^src/stores/prisma/', '\\.d\\.ts$', '^src/(main|cli/[^/]+)\\.ts$'] },
      to: {},
    },
    ...Object.entries(rooms).map(([room, may]) => ({
      name: `${room}-imports-only-below`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [`^src/${room}/`, ...may.map((one) => `^src/${one}/`)] },
    })),
    {
      name: 'generated-client-behind-the-wall',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(stores|site|briefings|membership|accounts|billing)/' },
      to: { path: '^src/stores/prisma/' },
    },
    {
      name: 'leaks-for-its-command-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(leaks/|cli/leaks\\.ts$)' },
      to: { path: '^src/leaks/' },
    },
    {
      name: 'sandbox-for-main-and-commands-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sandbox/|main\\.ts$|sandbox-payments\\.ts$|cli/)' },
      to: { path: '^src/(sandbox/|sandbox-payments\\.ts$)' },
    },
    {
      name: 'stripe-through-one-door',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(billing/stripe/client\\.ts$|sandbox/)' },
      to: { path: 'node_modules/stripe/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'bucket-through-one-door',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/stores/bucket\\.ts$' },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'unlisted-room',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: `^src/(${Object.keys(rooms).join('|')}|cli)/` },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};

import type { Surface } from '../surface';
import { at } from './addresses';

/** What belongs to no room: health, assets, the sandbox's door. */
export const SERVER_SURFACES: readonly Surface[] = [
  { route: 'GET /healthz' },
  { route: 'GET /sandbox', optional: true, exempt: 'leads to the sandbox, outside production alone' },
  { route: 'GET /readyz' },
  {
    route: 'GET /metrics',
    exempt: 'sums of this process, which change with every request; tests/http/metrics.test.ts',
  },
  {
    route: 'USE /assets/:fingerprint',
    addresses: at('/assets/x/site.css', '/assets/x/favicon.svg', '/assets/x/', '/assets/x/..%2f..%2fpackage.json'),
  },
  { route: /^USE \/assets\/[a-z0-9]{12}$/, exempt: 'the same files as under /assets/:fingerprint, to be kept longer' },
];

import type { Surface } from '../surface';
import { at } from './addresses';

/** Setting up an installation. There is an admin, so nothing is set up here. */
export const SETUP_SURFACES: readonly Surface[] = [
  { route: 'GET /setup', addresses: at('/setup', `/setup?token=${'x'.repeat(43)}`) },
  { route: 'POST /setup', form: { token: 'x'.repeat(43) } },
  { route: 'GET /setup/publication' },
  { route: 'POST /setup/publication', form: { name: 'x' } },
  { route: 'GET /setup/admin' },
  { route: 'POST /setup/admin', form: { name: '', email: '', password: '' } },
  { route: 'GET /setup/factor' },
  { route: 'POST /setup/factor', form: { code: '123456' } },
  { route: 'GET /setup/content' },
  { route: 'POST /setup/content', form: { do: 'x' } },
  { route: 'GET /setup/services' },
  { route: 'POST /setup/services', form: { do: 'x' } },
];

import type { Surface } from '../surface';
import { at } from './addresses';

/** Settings, languages and phrases. */
export const ADMIN_SETTINGS_SURFACES: readonly Surface[] = [
  { route: 'GET /admin/settings' },
  { route: 'GET /admin/settings/languages' },
  {
    route: 'GET /admin/settings/languages/change',
    addresses: at('/admin/settings/languages/change', '/admin/settings/languages/change?change=first&code=es'),
  },
  // Nothing of these is taken: the form is not whole.
  { route: 'POST /admin/settings/languages/change', form: { change: 'first', code: 'es' } },
  { route: 'GET /admin/settings/time', addresses: at('/admin/settings/time', '/admin/settings/time?zone=UTC') },
  { route: 'POST /admin/settings/time', form: { zone: 'UTC', dates: 'iso' } },
  {
    route: 'GET /admin/settings/phrases',
    addresses: at(
      '/admin/settings/phrases',
      '/admin/settings/phrases?words=zq7k',
      '/admin/settings/phrases?section=gates',
    ),
  },
  {
    route: 'GET /admin/settings/phrases/edit',
    addresses: at('/admin/settings/phrases/edit?lang=es&key=nav.join', '/admin/settings/phrases/edit?key=none'),
  },
  { route: 'POST /admin/settings/phrases/edit', form: { lang: 'en', key: 'nav.join', text: 'x' } },
  { route: 'GET /admin/settings/pictures' },
  { route: 'POST /admin/settings/pictures' },
  { route: 'GET /admin/settings/:setting', addresses: at('/admin/settings/identity', '/admin/settings/nothing') },
  { route: 'POST /admin/settings/:setting', addresses: at('/admin/settings/identity', '/admin/settings/nothing') },
];

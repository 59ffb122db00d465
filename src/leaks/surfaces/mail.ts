import type { Surface } from '../surface';

/** Letters, shown where none are sent. */
export const MAIL_SURFACES: readonly Surface[] = [
  {
    route: 'GET /dev/mail',
    optional: true,
    exempt: "shows everybody's letters on purpose, and is only there outside production without a mail server",
  },
  { route: 'GET /dev/mail/:id', optional: true, exempt: 'as /dev/mail' },
];

import { Router } from 'express';
import { accountsViewer } from '../access/viewer';
import { adminFrame, renderAdmin } from '../admin/frame';
import { staffOnly } from '../admin/staff';
import { onlyMethods } from '../http/errors';
import type { Language } from '../lib/language';
import { WEBHOOKS } from './make';
import type { WebhooksPage } from './page-types';
import type { WebhookParts } from './parts';
import type { WebhookRow } from './store';

/** `/admin/webhooks`: which programs are told what. */
export function webhookListRoutes({ wall, site }: WebhookParts, language: Language): Router {
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(WEBHOOKS)
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const rows = await wall.read(accountsViewer, (db) =>
        db.webhook.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] }),
      );
      const page: WebhooksPage = {
        frame: adminFrame(language, req, res, 'webhooks', say('webhook.heading')),
        intro: say('webhook.intro'),
        make: `${prefix}${WEBHOOKS}/new`,
        rows: rows.map((row) => ({
          ...{ name: row.name, url: row.url, href: `${prefix}${WEBHOOKS}/${row.id}` },
          events: eventsIn(language, row.events),
          state: stateIn(language, row),
          paused: row.state === 'paused',
        })),
      };
      await renderAdmin(site, language, req, res, 'webhooks/list', WEBHOOKS, page);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

export const eventsIn = ({ say }: Language, events: readonly string[]): string =>
  events.map((event) => say(`webhook.event.${event}`)).join(', ');

export const stateIn = ({ say }: Language, { state, failingSince }: WebhookRow): string =>
  say(`webhook.state.${state === 'active' && failingSince !== null ? 'failing' : state}`);

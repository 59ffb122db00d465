import type { Request, Response } from 'express';
import { accountsViewer } from '../access/viewer';
import { adminFrame, renderAdmin } from '../admin/frame';
import { pageNumber } from '../http/cache/page-address';
import { Failure } from '../lib/failure';
import type { Language } from '../lib/language';
import { eventsIn, stateIn } from './list';
import { WEBHOOKS } from './make';
import type { WebhookPage } from './page-types';
import type { WebhookParts } from './parts';
import { countWaiting, MOST_WAITING, type WebhookRow } from './store';

const ON_A_PAGE = 25;

/** One webhook, with what it was told lately. @throws Failure 400 for what is no number of a page. */
export async function showWebhook(
  { parts, language }: { readonly parts: WebhookParts; readonly language: Language },
  req: Request,
  res: Response,
  row: WebhookRow,
): Promise<void> {
  const { say, prefix } = language;
  const asked = req.query['page'] ?? '';
  const number = asked === '' ? 1 : typeof asked === 'string' ? pageNumber(asked) : null;
  if (number === null || number === '') throw new Failure(400, 'no number of a page');
  const n = Number(number);
  const { found, waiting } = await parts.wall.read(accountsViewer, async (db) => ({
    found: await db.webhookDelivery.findMany({
      where: { webhookId: row.id },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      skip: (n - 1) * ON_A_PAGE,
      take: ON_A_PAGE + 1,
    }),
    waiting: row.state === 'paused' ? await countWaiting(db, row.id, parts.clock.now()) : 0,
  }));
  const path = `${WEBHOOKS}/${row.id}`;
  const at = `${prefix}${path}`;
  const page: WebhookPage = {
    frame: adminFrame(language, req, res, 'webhooks', row.name),
    facts: [
      { label: say('form.url'), text: row.url },
      { label: say('webhook.events'), text: eventsIn(language, row.events) },
      { label: say('webhook.state'), text: stateIn(language, row) },
    ],
    warning: row.reason === null ? null : say(`webhook.reason.${row.reason}`),
    waits: row.state === 'paused' ? say('webhook.waits', { n: waiting, most: MOST_WAITING }) : null,
    acts: actsFor(language, at, row, waiting),
    links: ['rotate', 'delete'].map((act) => ({ href: `${at}/${act}`, label: say(`webhook.act.${act}`) })),
    deliveries: found.slice(0, ON_A_PAGE).map((one) => ({
      id: one.id,
      event: say(`webhook.event.${one.event}`),
      about: one.slug ?? one.accountId ?? '',
      when: language.moment(one.createdAt),
      state: say(`webhook.delivery.${one.state}`),
      failed: one.state === 'failed',
      answer: answerOf(language, one),
      again: one.state === 'waiting' ? null : `${at}/deliveries/${one.id}/again`,
    })),
    steps: {
      previous: n > 1 ? `${at}${n === 2 ? '' : `?page=${n - 1}`}` : null,
      next: found.length > ON_A_PAGE ? `${at}?page=${n + 1}` : null,
    },
  };
  await renderAdmin(parts.site, language, req, res, 'webhooks/one', path, page);
}

/** Its buttons: one that is paused, and that something waits for, is resumed with it or without. */
function actsFor({ say }: Language, at: string, { state }: WebhookRow, waiting: number): WebhookPage['acts'] {
  if (state === 'active') return [{ action: `${at}/pause`, label: say('webhook.act.pause'), fields: [] }];
  const action = `${at}/resume`;
  if (waiting === 0) return [{ action, label: say('webhook.act.resume'), fields: [] }];
  return (['tell', 'skip'] as const).map((value) => ({
    action,
    label: say(`webhook.act.resume.${value}`, { n: waiting }),
    fields: [{ name: 'waited', value }],
  }));
}

/** What came back, after how many tries. */
function answerOf(
  { say }: Language,
  one: { readonly responseCode: number | null; readonly failure: string | null; readonly attempts: number },
): string {
  const what = one.responseCode === null ? one.failure : String(one.responseCode);
  return what === null ? '' : say('webhook.answer', { what, n: one.attempts });
}

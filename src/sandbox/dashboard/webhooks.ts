import type { Router } from 'express';
import type Stripe from 'stripe';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { Deliveries } from '../delivery';
import type { Delivery } from '../delivery-types';
import { languageOf, show, type PageParts } from '../hosted/frame';
import type { World } from '../world';
import { timeOf } from './overview';
import type { Act, ActGroup, EventRow, WebhooksPage } from './page-types';
import { doings, frameOf, nothing } from './frame';

/** Events shown. */
const MOST = 100;

const AT = '/sandbox/webhooks';
const count = z.strictObject({
  count: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number),
});

/** `/sandbox/webhooks`: every event and how it fares, and whatever can go wrong on the way. */
export function webhookRoutes(parts: PageParts): Router {
  const {
    deliveries,
    sandbox: { world },
  } = parts;
  const { router, on } = doings(parts);
  const back = () => AT;

  on(`${AT}/hold`, nothing, back, (_, { say }) => {
    deliveries.hold();
    return say('sandbox.done.holding');
  });
  on(
    `${AT}/release`,
    z.strictObject({ order: z.enum(['given', 'reversed', 'shuffled', 'together']) }),
    back,
    ({ order }, { say }) => {
      const held = deliveries.log().filter(({ state }) => state === 'held').length;
      deliveries.release(
        order === 'shuffled' ? { random: Math.random } : order === 'reversed' ? 'reversed' : 'given',
        order === 'together',
      );
      return say('sandbox.done.released', { n: held });
    },
  );
  on(`${AT}/drop-next`, count, back, (fields, { say }) => {
    deliveries.dropNext(fields.count);
    return say('sandbox.done.will-drop', { n: fields.count });
  });
  on(`${AT}/double-next`, count, back, (fields, { say }) => {
    deliveries.doubleNext(fields.count);
    return say('sandbox.done.will-double', { n: fields.count });
  });
  on(`${AT}/retry`, nothing, back, (_, { say }) => {
    deliveries.retryNow();
    return say('sandbox.done.retried');
  });
  on(`${AT}/events/:id/redeliver`, nothing, back, (_, { say }, req) => {
    const id = String(req.params['id']);
    if (!world.events.has(id)) throw notFound('an event');
    return say('sandbox.done.redelivered', { n: deliveries.redeliver(id) });
  });
  on(`${AT}/deliveries/:number/drop`, nothing, back, (_, { say }, req) =>
    say(deliveries.drop(Number(req.params['number'])) ? 'sandbox.done.dropped' : 'sandbox.done.not-dropped'),
  );

  router
    .route(AT)
    .get(async (req, res) => {
      const language = languageOf(parts, req, null);
      const { say } = language;
      const events = [...world.events.values()].reverse();
      const log = deliveries.log();
      const byEvent = new Map<string, Delivery[]>();
      for (const one of log) byEvent.set(one.eventId, [...(byEvent.get(one.eventId) ?? []), one]);
      const page: WebhooksPage = {
        frame: frameOf(parts, language, req, say('sandbox.tab.webhooks'), 'webhooks'),
        standing: standingOf(deliveries, log, language),
        groups: groupsOf(deliveries, language),
        endpoints: [...world.webhookEndpoints.values()].map(({ id, url, status, enabled_events: wanted }) => ({
          href: `/sandbox/objects/webhookEndpoints/${id}`,
          name: url,
          note: wanted.includes('*')
            ? say('sandbox.webhooks.every')
            : say('sandbox.webhooks.types', { n: wanted.length }),
          state: status,
        })),
        events: events.slice(0, MOST).map((event) => eventRow(world, language, event, byEvent.get(event.id) ?? [])),
        more: events.length > MOST ? say('sandbox.objects.more', { n: events.length - MOST }) : null,
      };
      await show(parts, res, language, 'webhooks', page.frame.heading, page, true);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

function standingOf({ holding, dropping, doubling }: Deliveries, log: readonly Delivery[], { say }: Language): string {
  const held = log.filter(({ state }) => state === 'held').length;
  const waiting = log.filter(({ state }) => state === 'waiting').length;
  return [
    holding ? say('sandbox.webhooks.holding', { n: held }) : say('sandbox.webhooks.flowing'),
    ...(waiting > 0 ? [say('sandbox.webhooks.waiting', { n: waiting })] : []),
    ...(dropping > 0 ? [say('sandbox.webhooks.dropping', { n: dropping })] : []),
    ...(doubling > 0 ? [say('sandbox.webhooks.doubling', { n: doubling })] : []),
  ].join(' ');
}

function groupsOf({ holding, dropping, doubling }: Deliveries, { say }: Language): ActGroup[] {
  const act = (name: string, fields: Act['fields'] = []): Act => ({
    action: `${AT}/${name}`,
    fields,
    submit: say(`sandbox.act.${name}`),
  });
  const many = (value: number) =>
    [{ kind: 'number', name: 'count', label: say('sandbox.field.count'), value, most: 99 }] as const;
  return [
    {
      id: 'disturb',
      heading: say('sandbox.group.disturb'),
      intro: say('sandbox.group.disturb-intro'),
      acts: [
        holding
          ? act('release', [
              {
                kind: 'select',
                name: 'order',
                label: say('sandbox.field.order'),
                options: (['given', 'reversed', 'shuffled', 'together'] as const).map((value) => ({
                  value,
                  label: say(`sandbox.order.${value}`),
                })),
              },
            ])
          : act('hold'),
        act('drop-next', many(Math.max(1, dropping))),
        act('double-next', many(Math.max(1, doubling))),
        act('retry'),
      ],
    },
  ];
}

function eventRow(
  world: World,
  { say, code }: Language,
  event: Stripe.Event,
  deliveries: readonly Delivery[],
): EventRow {
  const about = (event.data.object as { readonly id?: unknown }).id;
  return {
    id: event.id,
    href: `/sandbox/objects/events/${event.id}`,
    type: event.type,
    about: typeof about === 'string' ? about : '',
    at: timeOf(code, event.created),
    pending: event.pending_webhooks > 0,
    redeliver: {
      action: `${AT}/events/${event.id}/redeliver`,
      fields: [],
      submit: say('sandbox.act.redeliver'),
      about: say('sandbox.webhooks.redeliver-about', { type: event.type, id: event.id }),
    },
    deliveries: [...deliveries].reverse().map(({ number, state, endpointId, tries, dueAt }) => ({
      number,
      state,
      stateLabel: say(`sandbox.delivery.${state}`),
      endpoint: world.webhookEndpoints.get(endpointId)?.url ?? endpointId,
      tries: tries
        .map(({ answer }) =>
          typeof answer === 'number' ? String(answer) : say(`sandbox.answer.${answer.replace(' ', '-')}`),
        )
        .join(', '),
      next: dueAt === null ? null : say('sandbox.delivery.next', { time: timeOf(code, dueAt / 1000) }),
      drop: ['due', 'waiting', 'held'].includes(state)
        ? {
            action: `${AT}/deliveries/${number}/drop`,
            fields: [],
            submit: say('sandbox.act.drop'),
            about: say('sandbox.webhooks.drop-about', { number: String(number), type: event.type }),
          }
        : null,
    })),
  };
}

import { Router, type Request } from 'express';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { KINDS, type Kind } from '../kinds';
import { languageOf, show, type PageParts } from '../hosted/frame';
import type { World } from '../world';
import { timeOf } from './overview';
import type { ControlFact, ControlRow, ObjectPage, ShelfPage, ShelvesPage } from './page-types';
import { frameOf } from './frame';

/** Objects shown in a list. */
const MOST = 200;

/** `/sandbox/objects`: everything there is, kind by kind, as JSON. */
export function objectRoutes(parts: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { world } = parts.sandbox;
  const kindOf = (req: Request): Kind => {
    const kind = KINDS.find((one) => one === req.params['kind']);
    if (!kind) throw notFound('a kind of objects');
    return kind;
  };

  router
    .route('/sandbox/objects')
    .get(async (req, res) => {
      const language = languageOf(parts, req, null);
      const { say } = language;
      const page: ShelvesPage = {
        frame: frameOf(parts, language, req, say('sandbox.tab.objects'), 'objects'),
        kinds: KINDS.map((kind) => ({
          href: `/sandbox/objects/${kind}`,
          name: kind,
          count: language.number(world.collections[kind].size),
        })),
      };
      await show(parts, res, language, 'collections', page.frame.heading, page, true);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/sandbox/objects/:kind')
    .get(async (req, res) => {
      const kind = kindOf(req);
      const language = languageOf(parts, req, null);
      const { say } = language;
      const objects = [...world.collections[kind].values()].reverse();
      const page: ShelfPage = {
        frame: frameOf(parts, language, req, kind, 'objects'),
        back: { href: '/sandbox/objects', label: say('sandbox.tab.objects') },
        kind,
        objects: objects.slice(0, MOST).map((object) => rowOf(language, kind, object)),
        more: objects.length > MOST ? say('sandbox.objects.more', { n: objects.length - MOST }) : null,
      };
      await show(parts, res, language, 'collection', kind, page, true);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/sandbox/objects/:kind/:id')
    .get(async (req, res) => {
      const kind = kindOf(req);
      const object = world.collections[kind].get(String(req.params['id']));
      if (!object) throw notFound('an object');
      const language = languageOf(parts, req, null);
      const { say } = language;
      const json = JSON.stringify(object, null, 2);
      const page: ObjectPage = {
        frame: frameOf(parts, language, req, object.id, 'objects'),
        back: { href: `/sandbox/objects/${kind}`, label: kind },
        json,
        related: [
          ...(kind === 'subscriptions'
            ? [
                {
                  label: say('sandbox.objects.act'),
                  text: say('sandbox.objects.subscription'),
                  href: `/sandbox/subscriptions/${object.id}`,
                },
              ]
            : []),
          ...relatedTo(world, object.id, json),
        ],
      };
      await show(parts, res, language, 'object', object.id, page, true);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

function rowOf({ code }: Language, kind: Kind, object: { readonly id: string }): ControlRow {
  const { created, email, name, status, type, number, url } = object as Partial<
    Record<'created' | 'email' | 'name' | 'status' | 'type' | 'number' | 'url', unknown>
  >;
  const labels = [
    kind === 'events' ? type : null,
    name,
    email,
    number,
    kind === 'webhookEndpoints' ? url : null,
  ].filter((one) => typeof one === 'string');
  return {
    href: `/sandbox/objects/${kind}/${object.id}`,
    name: object.id,
    note: [...labels, ...(typeof created === 'number' ? [timeOf(code, created)] : [])].join(' · '),
    state: typeof status === 'string' ? status : null,
  };
}

/** Every other object that is named in this one's JSON. */
function relatedTo(world: World, own: string, json: string): ControlFact[] {
  const ids = [...new Set([...json.matchAll(/"((?:[a-z]+_)+[A-Za-z0-9]{6,})"/g)].map(([, id]) => id!))].filter(
    (id) => id !== own,
  );
  return ids.flatMap((id) => {
    const kind = KINDS.find((one) => world.collections[one].has(id));
    return kind ? [{ label: kind, text: id, href: `/sandbox/objects/${kind}/${id}` }] : [];
  });
}

import { z } from 'zod';
import { Failure } from '../../lib/failure';
import { searchWords } from '../../lib/search-words';
import { afterDay, dayOf } from '../days';

const none = z.literal('').transform(() => undefined);
const some = <T extends z.ZodType>(schema: T) => z.union([none, schema]).optional();
const words = searchWords(254);

const asked = z.object({
  actor: some(words),
  action: some(z.string().regex(/^[a-z0-9-]{1,60}$/)),
  target: some(words),
  from: some(z.string().max(20)),
  to: some(z.string().max(20)),
  after: some(z.string().max(200)),
  before: some(z.string().max(200)),
});

/** What was asked for, as it stands in the address. */
export type AuditFilter = z.infer<typeof asked>;

/** @throws Failure 400 for what no form of ours asks for. */
export function parseAuditFilter(query: unknown): AuditFilter {
  const parsed = asked.safeParse(query);
  if (!parsed.success) throw new Failure(400, 'that is not asked for in the log');
  return parsed.data;
}

/** Which entries are meant: an actor by address; a target by its name then, or by its id; days of that time zone. */
export function whereOf({ actor, action, target, from, to }: AuditFilter, zone: string) {
  const [first, last] = [from, to].map((one) => (one === undefined ? undefined : dayOf(one, zone)));
  return {
    wrong: [...(first === null ? ['from' as const] : []), ...(last === null ? ['to' as const] : [])],
    where: {
      ...(actor === undefined || actor === '' ? {} : { actor: actor.toLowerCase() }),
      ...(action === undefined ? {} : { action }),
      ...(target === undefined || target === ''
        ? {}
        : { OR: [{ target }, { targetId: target }, { target: target.toLowerCase() }] }),
      ...(first || last
        ? { at: { ...(first ? { gte: first } : {}), ...(last ? { lt: afterDay(last, zone) } : {}) } }
        : {}),
    },
  };
}

const place = z.tuple([z.number().int(), z.uuid()]);

/** A place in the log, as an address carries it. */
export const writePlace = ({ at, id }: { readonly at: Date; readonly id: string }): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');

/** @throws Failure 400 for what no link of ours says. */
export function readPlace(given: string): { readonly at: Date; readonly id: string } {
  try {
    const [at, id] = place.parse(JSON.parse(Buffer.from(given, 'base64url').toString('utf8')));
    return { at: new Date(at), id };
  } catch (cause) {
    throw new Failure(400, 'that is no place in the log', { cause });
  }
}

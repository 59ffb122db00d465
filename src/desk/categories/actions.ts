import { editorialViewer } from '../../access/viewer';
import { findCategories } from '../../briefings/reading/queries';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { notFound } from '../../lib/failure';
import type { ActorAt } from '../../membership/actor';
import type { DeskParts } from '../parts';
import { auditRecord } from '../records/actions';
import { categoryKind } from './kind';

/**
 * Puts a category directly before or after another one. Where it stands there already, or the other is gone, nothing is
 * done. @throws Failure 404 when there is no such category.
 */
export function moveCategory(
  { invalidatingWall, clock }: DeskParts,
  slug: string,
  to: { readonly before: string } | { readonly after: string },
  by: ActorAt,
): Promise<void> {
  return invalidatingWall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const rows = await findCategories(db);
    const order = rows.map((one) => one.slug);
    const from = order.indexOf(slug);
    if (from < 0) throw notFound('category');
    const others = order.filter((one) => one !== slug);
    const neighbour = others.indexOf('before' in to ? to.before : to.after);
    const place = 'before' in to ? neighbour : neighbour + 1;
    if (neighbour < 0 || place === from) return;
    for (const [position, one] of others.toSpliced(place, 0, slug).entries())
      await db.category.update({ where: { slug: one }, data: { position }, select: { slug: true } });
    const facts = { before: { place: from + 1 }, after: { place: place + 1 } };
    await auditRecord(db, categoryKind, 'moved', rows[from]!, { ...by, ...facts, at: clock.now() });
  });
}

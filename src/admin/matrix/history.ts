import type { Language } from '../../lib/language';
import { kindName } from '../../site/shape/shape';
import { textFact, type PastAction, type Undo } from '../audit/past';
import { withQuery } from '../fields';
import type { MatrixCase } from './change';

/**
 * How a change of the matrix is taken back: on the page that shows what would open and close. A kind that had no gate
 * before does not lose the one it has. Null: by nothing, or it was already.
 */
export function undoOfMatrix(
  language: Language,
  { shape, matrix }: Pick<MatrixCase, 'shape' | 'matrix'>,
  { before }: PastAction,
): Undo | null {
  const choices = shape.kinds.flatMap((kind) => {
    const tier = textFact(before, `opens-${kind.slug}`);
    const changes = tier !== matrix.opens[kind.slug] && matrix.tiers.some(({ slug }) => slug === tier);
    return tier !== null && changes ? [[kindName(kind), tier] as const] : [];
  });
  if (choices.length === 0) return null;
  return { href: withQuery(`${language.prefix}/admin/matrix/change`, Object.fromEntries(choices)) };
}

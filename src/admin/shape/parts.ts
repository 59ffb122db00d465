import type { Request } from 'express';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { wordOf, type BriefingShape, type ShapeGroup, type Word } from '../../site/shape/shape';
import type { Wall } from '../../stores/postgres/wall';
import type { AdminParts } from '../parts';

/** What the section of the shape is made of. */
export interface ShapeParts extends AdminParts {
  /** Every process makes its pages anew after a write; this one before the answer. */
  readonly invalidatingWall: Wall;
}

export interface ShapeContext {
  readonly parts: ShapeParts;
  readonly language: Language;
}

/** The groups in the order of the section. */
export const GROUPS = [
  'kinds',
  'types',
  'domains',
  'facts',
  'lists',
  'impact',
  'relevance',
  'horizon',
  'bands',
] as const satisfies readonly ShapeGroup[];

/** Groups whose words have a longer form beside their name. */
export const hasLong = (group: ShapeGroup): boolean => ['kinds', 'impact', 'bands'].includes(group);

export const SHAPE_PATH = '/admin/shape';

/** The group an address is about. @throws Failure 404 where it names none. */
export function groupIn(req: Request): ShapeGroup {
  const group = GROUPS.find((one) => one === req.params['group']);
  if (group === undefined) throw notFound('a part of the shape');
  return group;
}

/** The word an address is about. @throws Failure 404 where there is no such word. */
export function wordIn(shape: BriefingShape, group: ShapeGroup, req: Request): Word {
  const word = wordOf<Word>(shape[group], String(req.params['slug']));
  if (word === undefined) throw notFound('a word of the shape');
  return word;
}

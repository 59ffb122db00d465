import type { Request } from 'express';
import { notFound } from '../../lib/failure';

/** The number of a revision in the address. @throws Failure 404 where it is none. */
export function numberOf(req: Request): number {
  const number = /^[1-9]\d{0,5}$/.exec(String(req.params['number']))?.[0];
  if (!number) throw notFound('revision');
  return Number(number);
}

import { z } from 'zod';
import type { Request } from 'express';
import type { AdminParts } from '../../admin/parts';
import { adminFrame } from '../../admin/frame';
import { readId } from '../../accounts/own/forms';
import type { PostSealer } from '../posts/seal';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { Response } from 'express';

/** What the sections of imports are made of. */
export interface ImportParts extends Pick<AdminParts, 'site' | 'wall' | 'clock' | 'log'> {
  readonly wall: AdminParts['wall'];
  readonly sealer: PostSealer;
}

export const IMPORT_PATH = '/admin/import';

export const importFrame = (language: Language, req: Request, res: Response, heading: string) =>
  adminFrame(language, req, res, 'import', heading);

/** The import an address is about. @throws Failure 404 where it names none. */
export function readImportId(req: Request): string {
  const id = readId(req.params['id']);
  if (id === null) throw notFound('an import');
  return id;
}

const page = z.coerce.number().int().min(1).max(100_000).default(1);

/** The page of a list that an address asks for. @throws Failure 400 where there cannot be such a page. */
export function readPageNumber(given: unknown): number {
  const read = page.safeParse(given);
  if (!read.success) throw new Failure(400, 'no page of a list');
  return read.data;
}

import type { Request } from 'express';
import { MOST_OFFERED_BYTES } from '../../briefings/pictures/re-encode';
import { uploadForm, type SentFile, type Upload } from '../../http/multipart';
import { Failure } from '../../lib/failure';

/**
 * Bytes of a form with one picture: what a picture may have, so that a heavier one is told what it is, and what is said
 * of it.
 */
const WITH_PICTURE = MOST_OFFERED_BYTES + 2 * 1024 * 1024;

/** Reads a form with a picture, and what is said of it in each language. */
export const pictureForm = uploadForm({ bytes: WITH_PICTURE, fields: 60 });

/** Reads the files of a briefing: its texts, its cover and its pictures. */
export const briefingFiles = uploadForm({ bytes: 16 * 1024 * 1024, fields: 120 });

/** A form with files, as it was read. @throws Failure 400 when it is none. */
export function uploadOf(req: Request): Upload {
  const upload = req.body as Upload | undefined;
  if (!upload?.files) throw new Failure(400, 'not a form with files');
  return upload;
}

/** The files of a field that were chosen, by the names they have without their folders. */
export function filesOf({ files }: Upload, field: string): SentFile[] {
  return files
    .filter((file) => file.field === field)
    .map((file) => ({ ...file, name: file.name.split(/[\\/]/).at(-1)! }));
}

/** What was typed into a field of such a form; empty where there is none. */
export const textOf = ({ fields }: Upload, name: string): string => fields.find(([one]) => one === name)?.[1] ?? '';

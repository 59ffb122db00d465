import type { Request, Response } from 'express';
import { hasAlready } from '../http/front-desk';
import { MEDIA_TYPES, type Asked } from './pictures';
import { PICTURE_FORMATS } from './words';

const FILE = /^([0-9a-f]{64})(?:-([1-9]\d{1,3}))?\.([a-z]{3,4})$/;

/** The picture that an address names; null when it names none. */
export function askedFor(file: unknown): Asked | null {
  const [, id = '', width, extension] = FILE.exec(String(file)) ?? [];
  const format = PICTURE_FORMATS.find((one) => one === extension);
  return format ? { id, format, narrower: width === undefined ? null : Number(width) } : null;
}

/**
 * Sends a picture, or 304 to whoever has it and may still see it. It is asked for again each time: a briefing that is
 * withdrawn takes its pictures along, and a membership that ends takes those of its passages.
 */
export function sendPicture(req: Request, res: Response, { id, format, narrower }: Asked, bytes: Uint8Array, caching: string): void {
  const etag = `"${id}${narrower === null ? '' : `-${narrower}`}"`;
  res.set({ 'Cache-Control': caching, ETag: etag, 'Content-Type': MEDIA_TYPES[format] });
  if (hasAlready(req, etag)) res.status(304).end();
  else res.send(Buffer.from(bytes));
}

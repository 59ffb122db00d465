import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Request } from 'express';
import { Failure } from '../lib/failure';
import { formReader, refuseBySaying, type FormReader, type FormRule, type SentForm } from './body';

/** A file that was chosen: under the name of its field, with the name it has where it comes from. */
export interface SentFile {
  readonly field: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A form with files, read whole. */
export interface Upload {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly files: readonly SentFile[];
}

/** How much a route reads of a form with files: `fields` counts files too. */
export type UploadRule = FormRule;

/** Bytes that one field may have which is no file. */
const MOST_OF_FIELD = 262_144;

/** Reads a form with files into `req.body`. */
export const uploadForm = (rule: UploadRule): FormReader =>
  formReader(rule, 'multipart/form-data', readUpload, (req, upload) => void (req.body = upload), asSent);

/**
 * Reads a form with files part by part, as it comes: no more of it is held than was read, and a form of too many parts
 * is given up at the first that is too many, however large it is.
 * @throws Failure 413 when it is larger than the rule, 400 when it is none.
 */
export async function readUpload(req: Request, { bytes, fields: most }: UploadRule): Promise<Upload> {
  refuseBySaying(req, bytes);
  const [fields, files]: [[string, string][], SentFile[]] = [[], []];
  await new Promise<void>((resolve, reject) => {
    const parser = openParser(req, most);
    let size = 0;
    const count = (part: Buffer) => {
      size += part.length;
      if (size > bytes) give(new Failure(413, 'a form with files that is too large'));
    };
    const give = (why?: Failure) => {
      req.off('data', count).off('close', closed).off('error', broke);
      req.unpipe(parser);
      parser.removeAllListeners();
      parser.on('error', () => undefined);
      if (!why) return resolve();
      req.pause();
      reject(why);
    };
    const broke = () => give(new Failure(400, 'a form with files that breaks off'));
    // A request that was read whole closes too, and its last part may still be on its way.
    const closed = () => {
      if (!req.complete) broke();
    };
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      parser.on(limit, () => give(new Failure(413, 'a form with too many parts')));
    }
    parser.on('field', (name: string, value: string, _name: boolean, cut: boolean) => {
      if (cut) give(new Failure(413, 'a field that is too long'));
      else fields.push([name, value]);
    });
    parser.on('file', (field: string, stream: Readable, name: string) =>
      collect(stream, (all) => files.push({ field, name: name ?? '', bytes: all })),
    );
    parser.on('error', broke);
    parser.on('finish', () => give());
    req.on('data', count).on('close', closed).on('error', broke);
    req.pipe(parser);
  });
  return { fields, files: files.filter((file) => file.bytes.length > 0) };
}

function openParser(req: IncomingMessage, most: number): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: req.headers as BusboyHeaders,
      limits: { parts: most, fields: most, files: most, fieldSize: MOST_OF_FIELD, headerPairs: 20, headerSize: 4_096 },
    });
  } catch (error) {
    throw new Failure(400, 'a form with files that says not where its parts end', { cause: error });
  }
}

function collect(stream: Readable, then: (all: Uint8Array) => void): void {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.on('end', () => then(Buffer.concat(parts)));
  stream.on('error', () => undefined);
}

function asSent({ fields, files }: Upload): SentForm {
  return { fields, files: files.map(({ field }) => field), upload: true };
}

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

/**
 * Hands the first file of a form on as it comes, part by part, and waits for whoever takes it; never more of it is held
 * than a part. What is left of a form that is given up is read and dropped, so that its sender hears the answer.
 * @returns null where no file was chosen.
 * @throws Failure 413 when the form is larger than so many bytes, 400 when it is none, and whatever `take` throws.
 */
export async function streamFile<T>(
  req: Request,
  bytes: number,
  take: (file: AsyncIterable<Uint8Array>, name: string) => Promise<T>,
): Promise<T | null> {
  refuseBySaying(req, bytes);
  if (!req.is('multipart/form-data')) throw new Failure(400, 'not a form with files');
  const parser = openParser(req, 20);
  const held: { taken: Promise<T> | null; file: Readable | null; failed: Error | null } = {
    ...{ taken: null, file: null, failed: null },
  };
  let size = 0;
  const fail = (error: Error) => {
    held.failed ??= error;
    held.file?.destroy(held.failed);
  };
  parser.on('file', (_field: string, stream: Readable, name: string) => {
    if (held.taken !== null || !name) return void stream.resume();
    held.file = stream;
    held.taken = take(stream, name);
    // Whoever takes it and gives up leaves the rest to be read past.
    held.taken.catch(() => stream.resume());
  });
  await new Promise<void>((resolve) => {
    const end = () => resolve();
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      parser.on(limit, () => fail(new Failure(413, 'a form with too many parts')));
    req.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= bytes || held.failed) return;
      fail(new Failure(413, 'a form with files that is too large'));
      req.unpipe(parser);
      req.pause();
      end();
    });
    req.on('close', () => {
      if (!req.complete) fail(new Failure(400, 'a form with files that breaks off'));
      end();
    });
    parser.on('error', () => {
      fail(new Failure(400, 'a form with files that breaks off'));
      end();
    });
    parser.on('finish', end);
    req.pipe(parser);
  });
  const result = await settled(held.taken);
  if (held.failed !== null) throw held.failed;
  if (result?.is === 'error') throw result.error;
  return result === null ? null : result.value;
}

type Settled<T> = { readonly is: 'value'; readonly value: T } | { readonly is: 'error'; readonly error: unknown };

async function settled<T>(taken: Promise<T> | null): Promise<Settled<T> | null> {
  if (taken === null) return null;
  try {
    return { is: 'value', value: await taken };
  } catch (error) {
    return { is: 'error', error };
  }
}

import type * as S3 from '@aws-sdk/client-s3';
import { addAbortSignal, type Readable } from 'node:stream';
import { bucketUnavailable } from './bucket-unavailable';

/** Where a bucket is, and whose it is. The secret is in no message. */
export interface BucketOptions {
  /** An http or https address. */
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Is the bucket named in the path, and not in the host? */
  readonly pathStyle: boolean;
}

/**
 * Bytes by name in S3-compatible storage: private, one bucket. Everything throws BucketAway when there is no answer in
 * time.
 */
export interface Bucket {
  /** The same again changes nothing. The storage itself refuses bytes that are not those that were signed. */
  put(name: string, bytes: Uint8Array, type: string): Promise<void>;
  /** At most so many bytes; null when there are none of that name. */
  get(name: string, most: number): Promise<Uint8Array | null>;
  /** Nothing of that name is fine, too. */
  remove(name: string): Promise<void>;
  /** Does it answer us, and is the bucket there? */
  check(): Promise<void>;
  close(): void;
}

/**
 * Milliseconds for a whole answer: a reader waits for a picture, a worker can wait longer, and whoever asks how we are
 * no time at all.
 */
export interface BucketTimeouts {
  readonly read: number;
  readonly write: number;
  readonly check: number;
}

const PATIENCE: BucketTimeouts = { read: 4_000, write: 20_000, check: 800 };

/** Milliseconds to be connected in. */
const CONNECT = 1_500;

type Client = { readonly s3: S3.S3Client } & Pick<
  typeof S3,
  'DeleteObjectCommand' | 'GetObjectCommand' | 'HeadBucketCommand' | 'PutObjectCommand'
>;

async function openClient({
  endpoint,
  region,
  accessKeyId,
  secretAccessKey,
  pathStyle,
}: BucketOptions): Promise<Client> {
  const { S3Client, ...commands } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client({
    endpoint,
    region,
    forcePathStyle: pathStyle,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 2,
    requestHandler: { connectionTimeout: CONNECT },
    // Storage of other makers knows no trailing checksums: the signature covers the bytes, and whoever reads compares
    // digests.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { s3, ...commands };
}

/** Opens a bucket. Nothing is asked of it, and its client not even loaded, before the first use. */
export function openBucket(options: BucketOptions, patience: Partial<BucketTimeouts> = {}): Bucket {
  const Bucket = options.name;
  const { read, write, check } = { ...PATIENCE, ...patience };
  let opened: Promise<Client> | null = null;
  const ask = async <T>(
    milliseconds: number,
    work: (client: Client, limit: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    const client = await (opened ??= openClient(options));
    return work(client, { abortSignal: AbortSignal.timeout(milliseconds) }).catch((error: unknown) => {
      throw bucketUnavailable(error);
    });
  };

  return {
    put: (Key, Body, ContentType) =>
      ask(
        write,
        async ({ s3, PutObjectCommand }, limit) =>
          void (await s3.send(
            new PutObjectCommand({ Bucket, Key, Body, ContentType, ContentLength: Body.length }),
            limit,
          )),
      ),
    get: (Key, most) =>
      ask(read, async ({ s3, GetObjectCommand }, limit) => {
        const found = await s3.send(new GetObjectCommand({ Bucket, Key }), limit).catch((error: unknown) => {
          // A bucket that is not there is another matter than an object.
          if ((error as Error).name === 'NoSuchKey') return null;
          throw error;
        });
        return found && whole(addAbortSignal(limit.abortSignal, found.Body as Readable), most);
      }),
    remove: (Key) =>
      ask(
        write,
        async ({ s3, DeleteObjectCommand }, limit) =>
          void (await s3.send(new DeleteObjectCommand({ Bucket, Key }), limit)),
      ),
    check: () =>
      ask(
        check,
        async ({ s3, HeadBucketCommand }, limit) => void (await s3.send(new HeadBucketCommand({ Bucket }), limit)),
      ),
    close: () => void opened?.then(({ s3 }) => s3.destroy()),
  };
}

async function whole(body: Readable, most: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) throw Object.assign(new Error(), { name: 'TooManyBytes' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

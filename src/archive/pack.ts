import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as openPack, type Header } from 'tar-stream';
import { END, MANIFEST, type End } from './format';

/** What an archive is made of, entry by entry; each is taken when the one before has been. */
export interface Packer {
  add(name: string, bytes: Uint8Array | string): Promise<void>;
  /** The same file once more, without its bytes. */
  link(name: string, to: string): Promise<void>;
}

/** Adds what an entry is to a digest of all. */
export const digestOf = () => {
  const hash = createHash('sha256');
  return {
    add: (name: string, size: number): void => void hash.update(`${name}\0${size}\0`),
    bytes: (bytes: Uint8Array): void => void hash.update(bytes),
    end: (): string => hash.digest('hex'),
  };
};

/**
 * Writes an archive (tar, gzip) into a stream as `work` makes it, no faster than the stream takes it, and ends both.
 * What is in memory is the entry at hand.
 * @throws what `work` throws, and when the stream is closed before its end; the stream is destroyed then.
 */
export async function packInto(to: Writable, made: Date, work: (packer: Packer) => Promise<void>): Promise<void> {
  const pack = openPack();
  const digest = digestOf();
  let entries = 0;
  const put = (header: Partial<Header> & { readonly name: string }, bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const entry = pack.entry({ mtime: made, mode: 0o600, ...header, size: bytes.length }, (error) =>
        error ? reject(error) : resolve(),
      );
      // Its callback is given the same.
      entry.on('error', () => undefined);
      entry.end(bytes.length === 0 ? undefined : bytes);
    });
  const produce = async (): Promise<void> => {
    await work({
      add: (name, content) => {
        const bytes =
          typeof content === 'string'
            ? Buffer.from(content)
            : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
        if (name !== MANIFEST) {
          entries++;
          digest.add(name, bytes.length);
          digest.bytes(bytes);
        }
        return put({ name }, bytes);
      },
      link: (name, to) => {
        entries++;
        digest.add(name, 0);
        return put({ name, type: 'link', linkname: to }, Buffer.alloc(0));
      },
    });
    const end: End = { entries, digest: digest.end() };
    await put({ name: END }, Buffer.from(`${JSON.stringify(end)}\n`));
    pack.finalize();
  };
  // What is destroyed tells whoever still waits for it.
  const produced = produce().catch((error: unknown) => {
    pack.destroy(error as Error);
    throw error;
  });
  const [first, second] = await Promise.allSettled([pipeline(chunksOf(pack), createGzip(), to), produced]);
  for (const one of [second, first]) if (one.status === 'rejected') throw one.reason;
}

async function* chunksOf(pack: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of pack) yield chunk as Buffer;
}

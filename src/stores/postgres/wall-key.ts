import { createHmac, randomBytes } from 'node:crypto';
import type { Viewer } from '../../access/viewer';

/** Seconds a signed context may be used to begin a transaction. Room for clocks that differ, none for hoarding. */
const CONTEXT_LIFETIME = 300;

const BLOCK = 64;

/**
 * This process's key at the wall: it signs who is reading, and Postgres checks the signature on every row.
 * The key exists only in memory, here and in a temporary table of each connection.
 */
export class WallKey {
  readonly inner: Buffer;
  readonly outer: Buffer;

  private constructor(private readonly secret: Buffer) {
    const padded = Buffer.concat([secret, Buffer.alloc(BLOCK - secret.length)]);
    this.inner = Buffer.from(padded.map((byte) => byte ^ 0x36));
    this.outer = Buffer.from(padded.map((byte) => byte ^ 0x5c));
  }

  static random(): WallKey {
    return new WallKey(randomBytes(32));
  }

  /** The context of one transaction: `rank:role:expires:signature` (HMAC-SHA-256, RFC 2104; expires in UTC seconds). */
  sign(viewer: Viewer, now: Date): string {
    const claim = `${viewer.rank}:${viewer.role}:${Math.floor(now.getTime() / 1000) + CONTEXT_LIFETIME}`;
    return `${claim}:${createHmac('sha256', this.secret).update(claim).digest('hex')}`;
  }
}

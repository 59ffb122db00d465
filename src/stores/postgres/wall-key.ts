import { createHmac, randomBytes } from 'node:crypto';
import type { Viewer } from '../../access/viewer';

const BLOCK = 64;

/**
 * The key of one connection at the wall: it signs who asks in a transaction of that connection, and Postgres checks the
 * signature wherever a policy asks. It exists only in memory, here, and in a table of the owner that only the wall's
 * own functions read (`wall.keys`).
 */
export class WallKey {
  /** The two padded halves of the key, as RFC 2104 wants them: 64 bytes each. */
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

  /**
   * The context of one transaction: `rank:role:signature` (HMAC-SHA-256 of `rank:role:begun`, RFC 2104).
   * @param begun when the transaction began, by Postgres's clock, in microseconds since 1970. No two transactions of a
   * connection begin at once, so what is signed for one is worth nothing in the next.
   */
  sign({ rank, role }: Viewer, begun: string): string {
    const claim = `${rank}:${role}`;
    return `${claim}:${createHmac('sha256', this.secret).update(`${claim}:${begun}`).digest('hex')}`;
  }
}

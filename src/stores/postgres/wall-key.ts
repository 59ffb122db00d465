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
   * The context of one transaction: `rank:role:signature` (HMAC-SHA-256 of `rank:role:begun`, RFC 2104). Of whoever
   * reads by a gift it is `gift:rank:briefing:signature`, which is worth nothing but for that briefing.
   * @param begun when the transaction began, by Postgres's clock, in microseconds since 1970. No two transactions of a
   * connection begin at once, so what is signed for one is worth nothing in the next.
   * @throws for a gift to somebody who does more than read.
   */
  sign({ rank, role, gift }: Viewer, begun: string): string {
    if (gift !== undefined && role !== 'reader') throw new Error('a gift is for a reader');
    const claim = gift === undefined ? `${rank}:${role}` : `gift:${rank}:${gift}`;
    return `${claim}:${createHmac('sha256', this.secret).update(`${claim}:${begun}`).digest('hex')}`;
  }
}

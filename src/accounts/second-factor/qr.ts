import type * as QrCode from 'qrcode';
import { lazily } from '../../lib/packages/lazily';

const qrCode = lazily<typeof QrCode>('qrcode');

/**
 * A QR code as a drawing: `d` of a path of dark squares, in a square of `size` units with the quiet zone it needs
 * (ISO/IEC 18004, 6.3.8).
 */
export interface QrDrawing {
  readonly size: number;
  readonly d: string;
}

const QUIET = 4;

/** Draws a text as a QR code of the medium level of correction. */
export function drawQr(text: string): QrDrawing {
  const { modules } = qrCode().create(text, { errorCorrectionLevel: 'M' });
  const dark = [...modules.data].flatMap((filled, index) =>
    filled ? [`M${QUIET + (index % modules.size)} ${QUIET + Math.floor(index / modules.size)}h1v1h-1z`] : [],
  );
  return { size: modules.size + 2 * QUIET, d: dark.join('') };
}

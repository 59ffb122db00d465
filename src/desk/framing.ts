import type { Response } from 'express';

const POLICY = 'Content-Security-Policy';

/** Lets this page show pages of ours in a frame, as the editor does with a preview. */
export function allowFraming(res: Response): void {
  res.setHeader(POLICY, `${String(res.getHeader(POLICY))};frame-src 'self'`);
}

/** Lets pages of ours show this one in a frame; foreign ones still cannot. */
export function allowBeingFramed(res: Response): void {
  res.setHeader(POLICY, String(res.getHeader(POLICY)).replace("frame-ancestors 'none'", "frame-ancestors 'self'"));
  res.setHeader('X-Frame-Options', 'SAMEORIGIN');
}

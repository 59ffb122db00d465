import type { ErrorRequestHandler, Request, Response } from 'express';
import { MOST_OFFERED_BYTES, MOST_OFFERED_PIXELS, type UnusablePicture } from '../../briefings/pictures/re-encode';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';

const LIMITS = { mb: MOST_OFFERED_BYTES / (1024 * 1024), mp: MOST_OFFERED_PIXELS / 1_000_000 };

/** What a picture that is offered may be. */
export const uploadHint = ({ say }: Pick<Language, 'say'>): string => say('desk.cover.hint', LIMITS);

/** Why an offered picture was not taken. */
export const pictureError = ({ say }: Pick<Language, 'say'>, why: UnusablePicture): string =>
  say(`desk.cover.wrong.${why}`, LIMITS);

/** Answers a form heavier than anything that is read (413) as `tell` does. */
export function onTooLarge(tell: (req: Request, res: Response, status: 413) => Promise<void>): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (!(error instanceof Failure) || error.status !== 413) return next(error);
    tell(req, res, 413).catch(next);
  };
}

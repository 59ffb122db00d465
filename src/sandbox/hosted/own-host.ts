import type { RequestHandler } from 'express';
import { requireOwnOrigin } from '../../http/own-origin';
import { Failure } from '../../lib/failure';

const OWN = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/**
 * Answers only to the names of this machine. A page of somebody else's whose name was made to point here sends its own
 * name, and would else read and press everything (DNS rebinding).
 */
export const ownHost: RequestHandler = (req, _res, next) =>
  next(OWN.test(req.get('Host') ?? '') ? undefined : new Failure(403, 'a foreign host'));

/**
 * Lets what changes something through from the sandbox's own pages only, under whichever of its names they were opened.
 */
export const ownPages: RequestHandler = (req, res, next) =>
  requireOwnOrigin(`http://${req.get('Host')}`)(req, res, next);

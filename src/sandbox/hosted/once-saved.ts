import type { RequestHandler, Response } from 'express';

/**
 * Lets an answer leave once what has happened until now is kept, so that no page tells of what a crash could undo.
 * Where it cannot be kept the answer is 503.
 */
export function onceSaved(saved: () => Promise<void>): RequestHandler {
  return (_req, res, next) => {
    const end = res.end.bind(res) as (...given: unknown[]) => Response;
    res.end = (...given: unknown[]) => {
      saved().then(
        () => end(...given),
        () => {
          if (res.headersSent) return res.destroy();
          for (const name of ['Content-Length', 'Location', 'ETag']) res.removeHeader(name);
          res.statusCode = 503;
          res.setHeader('Content-Type', 'text/plain; charset=utf-8');
          end('The sandbox could not be saved: its database does not answer.');
        },
      );
      return res;
    };
    next();
  };
}

import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { hasBody, readBody } from '../../http/body';
import { statusOf } from '../../http/errors';
import type { Clock } from '../../lib/clock';
import type { Logger } from '../../lib/log';
import { LARGEST_MESSAGE } from '../../mail/reports/message';
import { readMailgun } from '../../mail/reports/mailgun';
import { isFromPostmark, readPostmark } from '../../mail/reports/postmark';
import { signedAt } from '../../mail/reports/signature';
import { readSignedReports } from '../../mail/reports/signed';
import type { Wall } from '../../stores/postgres/wall';
import { takeMailgun, takeMessage, takeReports } from './take';

/** By what those who report show who they are; none: their address is not there. */
export interface ReportSecrets {
  /** `whsec_` and a key in base64: of whoever signs as the Standard Webhooks specification has it. */
  readonly webhook: readonly string[];
  readonly mailgun: readonly string[];
  /** `name:password` */
  readonly postmark: readonly string[];
}

export interface ReportParts {
  readonly wall: Wall;
  readonly clock: Clock;
  readonly sessionSecrets: readonly string[];
  readonly secrets: ReportSecrets;
  readonly log: Pick<Logger, 'error'>;
}

/** Bytes of a report. */
const LARGEST = 256 * 1_024;

const PATHS = ['/webhooks/mail', '/webhooks/mailgun', '/webhooks/postmark'] as const;

/**
 * What tells that letters do not arrive, or are not wanted: programs, by the signature or the password each has. They
 * stand before sessions and the check of the origin, and their answers say nothing more. Told twice, it is noted once.
 */
export function reportRoutes(parts: ReportParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { secrets, log } = parts;
  const takers: Readonly<Record<(typeof PATHS)[number], RequestHandler | null>> = {
    '/webhooks/mail': secrets.webhook.length > 0 ? (req, res) => takeSigned(parts, req, res) : null,
    '/webhooks/mailgun': secrets.mailgun.length > 0 ? (req, res) => takeFromMailgun(parts, req, res) : null,
    '/webhooks/postmark': secrets.postmark.length > 0 ? (req, res) => takeFromPostmark(parts, req, res) : null,
  };
  for (const path of PATHS) {
    router.use(path, (_req, res, next) => {
      res.setHeader('Cache-Control', 'no-store');
      next();
    });
    router
      .route(path)
      .post(takers[path] ?? ((_req, res) => refuse(res, 404)))
      .all((_req, res) => {
        res.setHeader('Allow', 'POST');
        refuse(res, 405);
      });
  }
  const failed: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error }, 'a report about letters could not be noted');
    if (status === 503) res.setHeader('Retry-After', '10');
    refuse(res, status);
  };
  router.use([...PATHS], failed);
  return router;
}

/** Whoever reports does not do it again after an answer of 2yz, whatever came of it. */
const taken = (res: Response): void => void res.status(204).end();

/** 401: it has not shown who it is. */
function refuse(res: Response, status: number): void {
  if (status === 401) res.setHeader('WWW-Authenticate', 'Basic realm="reports"');
  res.status(status).end();
}

/** Signed by a program of the operator's: events as JSON, or a letter that came in, as it is (message/rfc822). */
async function takeSigned(parts: ReportParts, req: Request, res: Response): Promise<void> {
  const { wall, clock, secrets } = parts;
  const head = {
    id: req.get('webhook-id'),
    timestamp: req.get('webhook-timestamp'),
    signature: req.get('webhook-signature'),
  };
  // Nothing is read of whoever does not even say that it is signed.
  if (head.id === undefined || head.timestamp === undefined || head.signature === undefined || !hasBody(req))
    return refuse(res, 401);
  const isLetter = req.is('message/rfc822') !== false;
  const body = await readBody(req, isLetter ? LARGEST_MESSAGE : LARGEST);
  const signed = signedAt(head, body, secrets.webhook, Date.now());
  if (signed === null) return refuse(res, 401);
  if (isLetter) {
    await takeMessage(parts, body, clock.now());
    return taken(res);
  }
  const reports = readSignedReports(body, signed);
  if (reports === null) return refuse(res, 400);
  await takeReports(wall, reports, 'webhook', clock.now());
  taken(res);
}

async function takeFromMailgun({ wall, clock, secrets }: ReportParts, req: Request, res: Response): Promise<void> {
  if (!hasBody(req)) return refuse(res, 401);
  const read = readMailgun(await readBody(req, LARGEST), secrets.mailgun, Date.now());
  if (read === 'refused') return refuse(res, 401);
  if (read === null) return refuse(res, 400);
  // A token that has come with another report was taken from it by somebody.
  if (!(await takeMailgun(wall, read, clock.now()))) return refuse(res, 401);
  taken(res);
}

async function takeFromPostmark({ wall, clock, secrets }: ReportParts, req: Request, res: Response): Promise<void> {
  if (!isFromPostmark(req.get('authorization'), secrets.postmark) || !hasBody(req)) return refuse(res, 401);
  const report = readPostmark(await readBody(req, LARGEST));
  if (report === null) return refuse(res, 400);
  if (report !== 'nothing') await takeReports(wall, [report], 'postmark', clock.now());
  taken(res);
}

import type { Request, RequestHandler, Response, Router } from 'express';
import { deviceOf, isDeviceOfStaff } from '../accounts/known-devices';
import { accountsViewer } from '../access/viewer';
import { formInOrder, type FormReader, type FormRule, type SentForm } from '../http/body';
import { declaredForm } from '../http/declared';
import { MOST_OF_FORM } from '../http/form';
import { layoutOf, type SiteContext } from '../http/site-context';
import { uploadForm } from '../http/multipart';
import { respond } from '../http/respond';
import { carriesSession } from '../http/sessions';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import './reader';

export interface EndedParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  /** The room without its language, `/desk`: where a login in another tab leads. */
  readonly room: string;
  /** The room's routes, where any of them reads more than a short form. */
  readonly routes?: Router;
}

/** What is printed for somebody whose login ended under a form. */
export interface LoginEndedPage {
  /** Where the form went, and goes again. */
  readonly action: string;
  readonly login: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Fields whose files must be chosen again. */
  readonly files: readonly { readonly name: string; readonly many: boolean }[];
  /** Does the form go as one with files, whether any were chosen or not? */
  readonly upload: boolean;
}

const SECRET = /password|secret|^code$/i;

/** What is read of anybody who only says that somebody has been logged in here. */
const SHORT: FormRule = { bytes: MOST_OF_FORM.bytes, fields: 500 };
const SHORT_FORMS: readonly FormReader[] = [formInOrder(SHORT), uploadForm(SHORT)];

/**
 * Answers the form of somebody whose login has ended with a page (401) that holds what they typed and sends it again
 * once they are logged in. It goes back to the browser it came from and stays nowhere here; the page is the same
 * whatever the address names, and is for a browser that has been logged in: everybody else, and what cannot be kept,
 * goes on to the room's own guard. What is longer than a short form is read only where its route says so, and only for
 * a browser that somebody of the staff has been logged in with. Passwords and files are never sent back.
 */
export function keepFormInput({ site, wall, room, routes }: EndedParts, language: Language): RequestHandler {
  const https = site.publicUrl.startsWith('https:');

  const wasStaff = async (req: Request, res: Response): Promise<boolean> => {
    if (res.locals.reader.wasStaff) return true;
    const device = deviceOf(req, https);
    return device !== null && (await wall.read(accountsViewer, (db) => isDeviceOfStaff(db, device)));
  };

  const readForm = async (req: Request, res: Response): Promise<SentForm> => {
    const path = `${req.baseUrl}${req.path}`.slice(language.prefix.length);
    const declared = routes && isLong(req) ? declaredForm(routes, path) : null;
    if (declared && (await wasStaff(req, res))) return declared.read(req, declared.rule);
    const upload = Boolean(req.is('multipart/form-data'));
    return SHORT_FORMS[Number(upload)]!.read(req, SHORT);
  };

  return async (req, res, next) => {
    if (req.method !== 'POST' || !req.accepts('html') || !endedHere(req, res, https)) return next();
    const form = await readForm(req, res).catch(() => null);
    if (!form) return next();
    const page: LoginEndedPage = {
      action: req.originalUrl,
      login: `${language.prefix}/login?next=${encodeURIComponent(`${language.prefix}${room}`)}`,
      ...keptOf(form),
    };
    // Every other way on this page would leave it, and with it what was typed.
    const layout = {
      ...layoutOf(site, language, { title: language.say('ended.heading'), path: null, noindex: true }),
      login: null,
      join: null,
      languages: [],
    };
    res.status(401);
    await respond(req, res, 'login-ended', { layout, page });
  };
}

/** Nobody is logged in, and this browser says that somebody was. */
function endedHere(req: Request, res: Response, https: boolean): boolean {
  const { account, unverified: unproved } = res.locals.reader;
  return !account && !unproved && (carriesSession(req.headers.cookie, https) || deviceOf(req, https) !== null);
}

/** May it be longer than a short form? */
function isLong({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > SHORT.bytes;
}

function keptOf({ fields, files, upload }: SentForm): Pick<LoginEndedPage, 'fields' | 'files' | 'upload'> {
  return {
    fields: fields.flatMap(([name, value]) => (SECRET.test(name) ? [] : [{ name, value }])),
    files: [...new Set(files)].map((name) => ({ name, many: files.filter((one) => one === name).length > 1 })),
    upload,
  };
}

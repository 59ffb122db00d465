import { text, type Request, type RequestHandler, type Response } from 'express';
import { deviceOf } from '../accounts/known-devices';
import { layoutOf, type SiteContext } from '../http/site-context';
import { respond } from '../http/respond';
import { carriesSession } from '../http/sessions';
import type { Language } from '../lib/language';
import './reader';

export interface EndedParts {
  readonly site: SiteContext;
  /** The room without its language, `/desk`: where a login in another tab leads. */
  readonly room: string;
  /** Bytes and fields that the room's largest form may have. */
  readonly most: { readonly bytes: number; readonly fields: number };
  /** How the room reads forms with files, where it has any. */
  readonly upload?: { readonly body: RequestHandler; readonly read: (req: Request) => Promise<FormData> };
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

/**
 * Answers the form of somebody whose login has ended with a page (401) that holds what they typed and sends it again once
 * they are logged in. It goes back to the browser it came from and stays nowhere here; the page is the same whatever the
 * address names, and is for a browser that has been logged in: everybody else, and what cannot be kept, goes on to the
 * room's own guard. Passwords and files are never sent back.
 */
export function keepFormInput({ site, room, most, upload }: EndedParts, language: Language): RequestHandler {
  const https = site.publicUrl.startsWith('https:');
  const longForm = text({ type: 'application/x-www-form-urlencoded', limit: most.bytes });
  const bodies = upload ? [longForm, upload.body] : [longForm];

  const keep = async (req: Request): Promise<Pick<LoginEndedPage, 'fields' | 'files' | 'upload'> | null> => {
    for (const body of bodies) await read(body, req);
    const sent =
      Buffer.isBuffer(req.body) && upload
        ? await upload.read(req)
        : new URLSearchParams(typeof req.body === 'string' ? req.body : '');
    const all = [...(sent as Iterable<[string, string | Blob]>)];
    if (all.length > most.fields) return null;
    const chosen = all.flatMap(([name, value]) => (typeof value === 'string' || value.size === 0 ? [] : [name]));
    return {
      fields: all.flatMap(([name, value]) =>
        typeof value === 'string' && !SECRET.test(name) ? [{ name, value }] : [],
      ),
      files: [...new Set(chosen)].map((name) => ({ name, many: chosen.filter((one) => one === name).length > 1 })),
      upload: sent instanceof FormData,
    };
  };

  return async (req, res, next) => {
    if (req.method !== 'POST' || !req.accepts('html') || !endedHere(req, res, https)) return next();
    const kept = await keep(req).catch(() => null);
    if (!kept) return next();
    const page: LoginEndedPage = {
      action: req.originalUrl,
      login: `${language.prefix}/login?next=${encodeURIComponent(`${language.prefix}${room}`)}`,
      ...kept,
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

function read(body: RequestHandler, req: Request): Promise<void> {
  return new Promise(
    (resolve, reject) =>
      void body(req, req.res!, (error?: unknown) =>
        error ? reject(new Error('a body that is none of a form', { cause: error })) : resolve(),
      ),
  );
}

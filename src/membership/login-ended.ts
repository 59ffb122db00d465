import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response, Router } from 'express';
import { accountsOfDevice, deviceOf, isDeviceOfStaff } from '../accounts/login/known-devices';
import { accountsViewer } from '../access/viewer';
import { formInOrder, type FormReader, type FormRule, type SentForm } from '../http/body';
import { declaredForm } from '../http/declared';
import { MOST_OF_FORM } from '../http/form';
import { formPage } from '../http/form-page';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { uploadForm } from '../http/multipart';
import { respond } from '../http/respond';
import { carriesSession } from '../http/sessions';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import { toldOf } from './reader';

export interface EndedParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  /** The section without its language, `/desk`: where a login in another tab leads. */
  readonly section: string;
  /** The section's routes, where any of them reads more than a short form. */
  readonly routes?: Router;
  /** Is only kept what somebody has typed? A form of buttons and secrets goes on to the section's guard. */
  readonly typedOnly?: boolean;
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

const SECRET = /password|secret|^(?:export-)?current$|^code$|^token$/i;
/** Good for one moment alone: what was typed beside it is of no use without it. */
const MOMENTARY = /^credential$/;
/** Sections in which nothing is typed and money moves: nobody sends that again without seeing what it is. */
const PAYING = /^\/account\/billing(?:\/|$)/;

/** Under which of these was it typed? Carried by the form's address from one answer to the next, by nothing else. */
const TYPED_BY = 'typed-by';
const MARKS = /^[\w-]{16}(?:\.[\w-]{16}){0,7}$/;

/** Stands for an account in an address: its id is random, and cannot be told from this. */
const markOf = (accountId: string): string =>
  createHash('sha256').update(`${TYPED_BY} ${accountId}`).digest('base64url').slice(0, 16);

/** What is read of anybody who only says that somebody has been logged in here. */
const SHORT: FormRule = { bytes: MOST_OF_FORM.bytes, fields: 500 };
const SHORT_FORMS: readonly FormReader[] = [formInOrder(SHORT), uploadForm(SHORT)];

/** Refuses another account, and shows it none of what was typed. */
async function refuseOther(
  { site }: EndedParts,
  language: Language,
  req: Request,
  res: Response,
  back: string,
): Promise<void> {
  const { say } = language;
  const page = {
    label: say('ended.label'),
    heading: say('ended.other'),
    paragraphs: [say('ended.other.text')],
    rows: [],
    links: [{ label: say('ended.other.back'), href: back }],
  };
  res.status(409);
  await respond(req, res, 'notice', {
    layout: layoutOf(site, language, { title: page.heading, path: null, noindex: true, ...toldOf(res) }),
    page,
  });
}

/**
 * Answers the form of somebody whose login has ended with a page (401) that holds what they typed and sends it again
 * once they are logged in, at their own wish: nothing is carried out by itself. Where it is known whose login that was,
 * another account that sends it is refused (409), and shown none of it. It goes back to the browser it came from and
 * stays nowhere here; the page is the same whatever the address names, and is for a browser that has been logged in:
 * everybody else, and what cannot be kept, goes on to the section's own guard. What is longer than a short form is read
 * only where its route says so, and only for a browser that somebody of the staff has been logged in with. Passwords
 * and files are never sent back.
 */
export function keepFormInput(parts: EndedParts, language: Language): RequestHandler {
  const { site, wall, section, routes, typedOnly = false } = parts;
  const https = site.publicUrl.startsWith('https:');

  const wasStaff = async (req: Request, res: Response): Promise<boolean> => {
    if (res.locals.reader.was?.staff) return true;
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

  /** Marks of those whose login it may have been; none where nobody can say. */
  const marksFor = async (req: Request, res: Response): Promise<string[]> => {
    const { was } = res.locals.reader;
    const device = deviceOf(req, https);
    const ids = was
      ? [was.id]
      : device === null
        ? []
        : await wall.read(accountsViewer, (db) => accountsOfDevice(db, device));
    return ids.map(markOf);
  };

  // Every other way on these pages would leave them, and with them what was typed.
  const layout = (heading: string) => ({
    ...layoutOf(site, language, { title: heading, path: null, noindex: true }),
    login: null,
    join: null,
    languages: [],
  });

  return async (req, res, next) => {
    if (req.method !== 'POST') return next();
    const back = formPage(req, `${language.prefix}${section}`);
    const sent = takeMarks(req);
    const { account } = res.locals.reader;
    if (account && sent.length > 0 && !sent.includes(markOf(account.id)))
      return refuseOther(parts, language, req, res, back);
    if (!req.accepts('html') || !endedHere(req, res, https) || PAYING.test(section + req.path)) return next();
    const form = await readForm(req, res).catch(() => null);
    const input = form && formInputOf(form);
    if (!input || (typedOnly && !isTyped(input))) return next();
    const marks = sent.length > 0 ? sent : await marksFor(req, res);
    const page: LoginEndedPage = {
      action: withMarks(`${req.baseUrl}${req.url}`, marks),
      login: `${language.prefix}/login?next=${encodeURIComponent(back)}`,
      ...input,
    };
    res.status(401);
    await respond(req, res, 'login-ended', { layout: layout(language.say('ended.heading')), page });
  };
}

/** Takes the marks out of the address of a form, so that its route does not meet them. */
function takeMarks(req: Request): string[] {
  const [path = '', query] = req.url.split('?');
  if (query === undefined || !query.includes(TYPED_BY)) return [];
  const fields = query.split('&');
  const given = fields
    .filter((field) => field.startsWith(`${TYPED_BY}=`))
    .map((field) => field.slice(TYPED_BY.length + 1));
  const rest = fields.filter((field) => !field.startsWith(`${TYPED_BY}=`)).join('&');
  req.url = rest === '' ? path : `${path}?${rest}`;
  return given.flatMap((marks) => (MARKS.test(marks) ? marks.split('.') : []));
}

const withMarks = (address: string, marks: readonly string[]): string =>
  marks.length === 0 ? address : `${address}${address.includes('?') ? '&' : '?'}${TYPED_BY}=${marks.join('.')}`;

/** Is there a word in it that is worth keeping? */
const isTyped = ({ fields, files }: Pick<LoginEndedPage, 'fields' | 'files'>): boolean =>
  files.length > 0 ||
  (fields.some(({ value }) => value.trim() !== '') && !fields.some(({ name }) => MOMENTARY.test(name)));

/** Nobody is logged in, and this browser says that somebody was. */
function endedHere(req: Request, res: Response, https: boolean): boolean {
  const { account, unverified } = res.locals.reader;
  return !account && !unverified && (carriesSession(req.headers.cookie, https) || deviceOf(req, https) !== null);
}

/** May it be longer than a short form? */
function isLong({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > SHORT.bytes;
}

function formInputOf({ fields, files, upload }: SentForm): Pick<LoginEndedPage, 'fields' | 'files' | 'upload'> {
  return {
    fields: fields.flatMap(([name, value]) => (SECRET.test(name) ? [] : [{ name, value }])),
    files: [...new Set(files)].map((name) => ({ name, many: files.filter((one) => one === name).length > 1 })),
    upload,
  };
}

import type { Request, Response } from 'express';
import { decideJoining, type JoiningAnswer } from '../../access/joining';
import { accountsViewer } from '../../access/viewer';
import { type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import type { Language } from '../../lib/language';
import { loadSetting } from '../../site/settings/save';
import type { Wall } from '../../stores/postgres/wall';
import type { AuthParts } from '../auth-pages';

/** Whether somebody may join with an address, as it is set now. */
export async function joiningFor(
  { site, wall }: { readonly site: SiteContext; readonly wall: Wall },
  email: string,
): Promise<JoiningAnswer> {
  const addresses = await wall.read(accountsViewer, (db) => loadSetting(db, 'joining-addresses'));
  return decideJoining({ ...site.settings.current.joining, ...addresses }, email);
}

/** The page that says that nobody joins now. */
export async function showJoiningClosed(
  { site, audienceOf }: AuthParts,
  language: Language,
  req: Request,
  res: Response,
  path: string,
): Promise<void> {
  const { say, prefix } = language;
  const heading = say('join.closed.heading');
  const page = {
    label: say('nav.join'),
    heading,
    paragraphs: [say('join.closed.text')],
    rows: [],
    links: [
      { label: say('error.home'), href: prefix || '/' },
      { label: say('nav.login'), href: `${prefix}/login` },
    ],
  };
  res.status(req.method === 'POST' ? 403 : 200);
  const layout = layoutOf(site, language, { title: heading, path, noindex: true, audience: audienceOf(res) });
  await respond(req, res, 'notice', { layout, page });
}

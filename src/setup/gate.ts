import type { RequestHandler } from 'express';
import { accountsViewer } from '../access/viewer';
import { render } from '../http/respond';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import type { Wall } from '../stores/postgres/wall';
import { hasAdmin } from './link';

/** Seconds after which a reader may look again. */
const AGAIN = 120;

/** Whether an installation waits to be set up. Once it has an admin, it is never asked again. */
export class SetupState {
  private over: boolean;

  /** @param possible false where there is nothing to set up, as in the demo. */
  constructor(
    private readonly wall: Wall,
    possible: boolean,
  ) {
    this.over = !possible;
  }

  async isOpen(): Promise<boolean> {
    if (this.over) return false;
    this.over = await this.wall.read(accountsViewer, hasAdmin);
    return !this.over;
  }
}

const SETUP_PATH = /^\/setup(?:\/|$)/;

/** Answers everybody with one page while an installation waits to be set up, but for the setup itself. */
export function setupGate(site: SiteContext, state: SetupState): RequestHandler {
  return async (req, res, next) => {
    if (!(await state.isOpen())) return next();
    const language =
      site.languages.all.find(({ prefix }) => prefix !== '' && `${req.path}/`.startsWith(`${prefix}/`)) ??
      site.languages.first;
    const rest = req.path.slice(language.prefix.length);
    if (SETUP_PATH.test(rest)) return next();
    const { say } = language;
    const layout = layoutOf(site, language, { title: say('setup.closed.heading'), path: null, noindex: true });
    const page = {
      label: language.siteName,
      heading: say('setup.closed.heading'),
      paragraphs: [say('setup.closed.text')],
      rows: [],
      links: [],
    };
    const withoutNavigation = { ...layout, login: null, join: null, nav: [] };
    const html = await render(res.app, 'notice', { layout: withoutNavigation, page });
    res.status(503).setHeader('Retry-After', String(AGAIN));
    res.setHeader('Cache-Control', 'no-store');
    res.type('html').send(html);
  };
}

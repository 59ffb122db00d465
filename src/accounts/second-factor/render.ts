import type { Request, Response } from 'express';
import { type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import type { Language } from '../../lib/language';
import { accountFrame } from '../own/frame';
import type { AccountFrame } from '../own/page-types';

/** A section behind the one of security, and everything it can say has just been done. */
export interface SecondFactorSection {
  /** The last part of its address, and the beginning of its phrases. */
  readonly name: 'second-factor' | 'passkeys';
  readonly done: readonly string[];
}

/** The frame of such a section: under the tab of security, with a heading of its own. */
export function secondFactorFrame(
  language: Language,
  req: Request,
  res: Response,
  { name, done }: SecondFactorSection,
): AccountFrame {
  const just = req.method === 'POST' ? undefined : done.find((one) => one === req.query['done']);
  return {
    ...accountFrame(language, req, res, 'security'),
    heading: language.say(`${name}.heading`),
    done: just === undefined ? null : language.say(`${name}.done.${just}`),
  };
}

/** Answers with such a section: nobody's but its owner's, and kept nowhere. */
export async function renderSecondFactor(
  site: SiteContext,
  language: Language,
  req: Request,
  res: Response,
  { name }: SecondFactorSection,
  view: string,
  page: { readonly frame: AccountFrame },
  status = 200,
): Promise<void> {
  const layout = layoutOf(site, language, {
    title: language.say(`${name}.heading`),
    path: `/account/${name}`,
    noindex: true,
    audience: 'member',
  });
  res.status(status);
  await respond(req, res, `accounts/${view}`, { layout, page });
}

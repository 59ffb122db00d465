import type { Request, Response } from 'express';
import type { Viewer } from '../../access/viewer';
import { categoryNav } from '../../briefings/reading/category-nav';
import { briefingPage } from '../../briefings/reading/briefing-page';
import { readFront } from '../../briefings/front/read';
import { frontPage } from '../../briefings/front/page';
import { readBriefingAs } from '../../briefings/reading/queries';
import { frontHead, type PageHead, type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import type { Language } from '../../lib/language';
import type { Settings } from '../../site/settings/schemas';
import type { PreviewTexts } from './page-types';
import { previewTexts, type TextPreview } from './preview-texts';
import type { Wall } from '../../stores/postgres/wall';

/** What can be looked at with settings that are not saved. */
export const PREVIEW_PAGES = ['front', 'briefing'] as const;
export type PreviewPage = (typeof PREVIEW_PAGES)[number];

export interface PreviewRequest {
  readonly page: PreviewPage;
  /** The tier whose readers it is shown as. */
  readonly rank: number;
  readonly language: Language;
  readonly changes: Partial<Settings>;
}

interface Previewed {
  readonly view: string;
  readonly head: PageHead;
  readonly page: object;
}

async function pageOf(
  site: SiteContext,
  wall: Wall,
  { page, rank, language }: Omit<PreviewRequest, 'changes'>,
): Promise<Previewed> {
  const viewer: Viewer = { role: 'reader', rank };
  const front = await readFront(wall, viewer);
  const slug = page === 'briefing' ? front.lead?.slug : undefined;
  const read = slug === undefined ? null : await readBriefingAs(wall, viewer, slug);
  if (read && 'briefing' in read) {
    const briefingView = briefingPage(read.briefing, viewer, site.shape.current, language);
    const head = {
      title: briefingView.title.text,
      description: briefingView.summary?.text ?? null,
      path: `/briefings/${slug}`,
    };
    return { view: 'briefings/briefing', head, page: briefingView };
  }
  return {
    view: 'briefings/front',
    head: frontHead(site, language),
    page: frontPage(front, site.shape.current, language),
  };
}

/**
 * Answers with a page as readers of a tier would have it if these settings were in force. Nothing of it is stored, and
 * it is read at that tier's rank through the wall, as theirs is.
 */
export function answerPreview(
  site: SiteContext,
  wall: Wall,
  req: Request,
  res: Response,
  { changes, ...options }: PreviewRequest,
): Promise<void> {
  return site.settings.preview(changes, async () => {
    const language = site.languages.find(options.language.code) ?? site.languages.first;
    const made = await pageOf(site, wall, { ...options, language });
    const viewer: Viewer = { role: 'reader', rank: options.rank };
    const layout = layoutOf(site, language, {
      ...made.head,
      nav: await categoryNav(site, viewer, language),
      noindex: true,
      rank: options.rank,
      audience: options.rank > 0 ? 'imagined member' : 'visitor',
    });
    const notice = language.say('admin.settings.preview.notice');
    await respond(req, res, made.view, { layout: { ...layout, notice }, page: made.page });
  });
}

/** Answers with what would be said where no page shows it, as if these settings were in force. Nothing is stored. */
export function answerTextPreview(
  { site, mailFrom }: { readonly site: SiteContext; readonly mailFrom: string | null },
  name: TextPreview,
  req: Request,
  res: Response,
  { language: asked, changes }: Pick<PreviewRequest, 'language' | 'changes'>,
): Promise<void> {
  return site.settings.preview(changes, async () => {
    const language = site.languages.find(asked.code) ?? site.languages.first;
    const heading = language.say(`admin.settings.${name}`);
    const page: PreviewTexts = { heading, blocks: previewTexts(name, site, language, mailFrom) };
    const layout = layoutOf(site, language, { title: heading, path: null, noindex: true, audience: 'imagined member' });
    const notice = language.say('admin.settings.preview.notice');
    await respond(req, res, 'admin/settings/preview-texts', { layout: { ...layout, notice }, page });
  });
}

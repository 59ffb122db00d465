import type { Request, Response } from 'express';
import type { Assets } from '../../http/assets';
import { render } from '../../http/respond';
import type { Language, Languages } from '../../lib/language';
import type { Deliveries } from '../delivery';
import type { Sandbox } from '../sandbox';
import type { SandboxLayout } from './page-types';
import type { NoticeStore } from './notices';

/** What the pages of the sandbox are made from. */
export interface PageParts {
  readonly sandbox: Pick<Sandbox, 'world' | 'acts' | 'clock'>;
  readonly deliveries: Deliveries;
  readonly languages: Languages;
  readonly assets: Assets;
  readonly sayings: NoticeStore;
  /** Origin of the Dossier it stands beside; null where it stands alone. */
  readonly home: string | null;
}

/** The language somebody asked for: of what they came to (`es-419`, or `auto`), else of their browser. */
export function languageOf(
  { languages }: Pick<PageParts, 'languages'>,
  req: Request,
  wanted: string | null | undefined,
): Language {
  const codes = languages.all.map(({ code }) => code);
  const accepted = req.acceptsLanguages(codes);
  return (
    languages.find(wanted?.split('-')[0] ?? '') ?? (accepted ? languages.find(accepted) : undefined) ?? languages.first
  );
}

/** Answers with a page of the sandbox. `control`: one of the dashboard's own, which carries its tabs. */
export async function show(
  parts: Pick<PageParts, 'assets' | 'home'>,
  res: Response,
  language: Language,
  view: string,
  title: string,
  page: object,
  control = false,
): Promise<void> {
  const layout: SandboxLayout = {
    lang: language.code,
    dir: language.dir,
    say: language.say,
    title: language.say('sandbox.title', { title }),
    control: control ? null : '/sandbox',
    home: control && parts.home !== null ? `${parts.home}${language.prefix || '/'}` : null,
    asset: (name) => parts.assets.address(name),
  };
  const html = await render(res, `sandbox/${view}`, { layout, page });
  res.vary('Accept-Language').type('html').send(html);
}

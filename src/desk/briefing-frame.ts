import type { Request } from 'express';
import type { EditableBriefing } from '../briefings/writing/working-copies';
import type { Language } from '../lib/language';
import { editorPath } from './editor/page';
import { deskFrame } from './frame';
import type { DeskFrame, Link } from './page-types';
import { livePage, titleOf } from './format';

/** The sections of one briefing, in the order of its work. */
const SECTIONS = ['text', 'cover', 'pictures', 'publish', 'issue', 'revisions'] as const;
export type BriefingSection = (typeof SECTIONS)[number];

/**
 * What stands around a section of one briefing: the way to its other sections, and back to its text. A page further
 * in, such as one revision, is reached through its section.
 */
export function briefingFrame(
  language: Language,
  req: Request,
  { id, content, base }: Pick<EditableBriefing, 'id' | 'content' | 'base'>,
  section: BriefingSection,
  heading: string,
  now: Date,
  further = false,
): DeskFrame {
  const sections = SECTIONS.map((one) => ({
    label: language.say(`desk.tool.${one}`),
    href: editorPath(language, id, one === 'text' ? '' : `/${one}`),
    current: one === section && !further,
  }));
  const live = livePage(language, base, now);
  const text: Link = { label: titleOf(language, content).text, href: sections[0]!.href };
  return {
    ...deskFrame(
      language,
      req,
      'list',
      heading,
      further && section !== 'text' ? [text, sections.find(({ href }) => href.endsWith(`/${section}`))!] : [text],
      live,
    ),
    sections: live ? [...sections, { ...live, current: false }] : sections,
  };
}

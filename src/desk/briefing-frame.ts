import type { Request } from 'express';
import type { EditableBriefing } from '../briefings/writing/working-copies';
import type { Language } from '../lib/language';
import { editorPath } from './editor/page';
import { deskFrame } from './frame';
import type { DeskFrame, Link } from './page-types';
import { livePage, titleOf } from './format';

/** The rooms of one briefing, in the order of its work. */
const ROOMS = ['text', 'cover', 'pictures', 'publish', 'issue', 'revisions'] as const;
export type BriefingSection = (typeof ROOMS)[number];

/**
 * What stands around a room of one briefing: the way to its other rooms, and back to its text. A page further in, such
 * as one revision, is reached through its room.
 */
export function briefingFrame(
  language: Language,
  req: Request,
  { id, content, base }: Pick<EditableBriefing, 'id' | 'content' | 'base'>,
  room: BriefingSection,
  heading: string,
  now: Date,
  further = false,
): DeskFrame {
  const rooms = ROOMS.map((one) => ({
    label: language.say(`desk.tool.${one}`),
    href: editorPath(language, id, one === 'text' ? '' : `/${one}`),
    current: one === room && !further,
  }));
  const live = livePage(language, base, now);
  const text: Link = { label: titleOf(language, content).text, href: rooms[0]!.href };
  return {
    ...deskFrame(
      language,
      req,
      'list',
      heading,
      further && room !== 'text' ? [text, rooms.find(({ href }) => href.endsWith(`/${room}`))!] : [text],
      live,
    ),
    rooms: live ? [...rooms, { ...live, current: false }] : rooms,
  };
}

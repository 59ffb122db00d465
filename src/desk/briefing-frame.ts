import type { Request } from 'express';
import type { AtDesk } from '../briefings/writing/working-copies';
import type { Language } from '../lib/language';
import { editorPath } from './editor/page';
import { frameOf } from './frame';
import type { Frame, Link } from './page-types';
import { sayTitle } from './words';

/** The rooms of one briefing, in the order of its work. */
const ROOMS = ['text', 'cover', 'pictures', 'publish', 'revisions'] as const;
export type BriefingRoom = (typeof ROOMS)[number];

/**
 * What stands around a room of one briefing: the way to its other rooms, and back to its text. A page further in, such as
 * one revision, is reached through its room.
 */
export function briefingFrame(
  language: Language,
  req: Request,
  { id, content }: Pick<AtDesk, 'id' | 'content'>,
  room: BriefingRoom,
  heading: string,
  further = false,
): Frame {
  const rooms = ROOMS.map((one) => ({
    label: language.say(`desk.tool.${one}`),
    href: editorPath(language, id, one === 'text' ? '' : `/${one}`),
    current: one === room && !further,
  }));
  const text: Link = { label: sayTitle(language, content).text, href: rooms[0]!.href };
  return {
    ...frameOf(
      language,
      req,
      'list',
      heading,
      further && room !== 'text' ? [text, rooms.find(({ href }) => href.endsWith(`/${room}`))!] : [text],
    ),
    rooms,
  };
}

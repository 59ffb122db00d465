import path from 'node:path';
import { renderFile } from 'ejs';
import type { Viewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import { markedHtml } from '../../lib/marked';
import { root } from '../../lib/root';
import type { BriefingShape } from '../../site/shape/shape';
import { briefingPage } from '../reading/briefing-page';
import type { ReadBriefing } from '../reading/queries';

/**
 * A briefing as HTML without a page around it, as this viewer reads it, part by part: for feeds and mail. It is made
 * from what the page is made from. Every address in it is absolute; its pictures are left to the page, where whoever
 * may see them is known.
 * @param publicUrl origin of every address
 */
export async function briefingParts(
  read: ReadBriefing,
  viewer: Viewer,
  shape: BriefingShape,
  language: Language,
  publicUrl: string,
): Promise<string[]> {
  const page = briefingPage(read, viewer, shape, language);
  const layout = { say: language.say, languageName: (code: string) => language.languageName(code) };
  const template = path.join(root, 'views/briefings/article.ejs');
  const html = await renderFile(template, { page, say: language.say, layout }, { cache: true });
  return absolute(withoutPictures(markedHtml(html)), publicUrl)
    .split('<!--part-->')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Of pictures their words are left. */
const withoutPictures = (html: string): string => html.replace(/<img [^>]*?alt="([^"]*)"[^>]*>/g, '$1');

/** Own addresses, as whoever reads elsewhere needs them; footnotes lead nowhere where several texts stand together. */
const absolute = (html: string, publicUrl: string): string =>
  html
    .replace(/ (href|src)="\/(?!\/)/g, ` $1="${publicUrl.replace(/\/$/, '')}/`)
    .replace(/ (?:id|aria-describedby|aria-labelledby)="[^"]*"/g, '')
    .replace(/<a [^>]*href="#[^"]*"[^>]*>([^]*?)<\/a>/g, '$1');

import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import type { Picture } from '../../briefings/content';
import { textField } from '../../briefings/fields';
import { recentRemovals } from '../../briefings/writing/restore-points';
import { findEditable } from '../../briefings/writing/working-copies';
import { reEncode } from '../../briefings/pictures/re-encode';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withPresentNames } from '../../http/former-fields';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { typedLine } from '../../lib/line';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { deskPicture, editorPath } from '../editor/page';
import { pictureError, uploadHint, onTooLarge } from '../files/upload-hints';
import { filesOf, pictureForm, textOf, uploadOf } from '../files/upload';
import { renderDesk } from '../frame';
import type { CoverPage } from '../pictures/page-types';
import type { DeskParts } from '../parts';
import { editorOf } from '../staff';
import { coverBefore, markOf, saveCover } from './save';

/** What is wrong with what was sent: said beside its field. What was typed stays. */
interface CoverErrors {
  readonly picture?: string;
  readonly alt?: { readonly lang: string; readonly text: string };
  readonly changed?: string;
  readonly typed?: ReadonlyMap<string, string>;
}

const most = textField('cover-alt').longest;

/** `/desk/briefings/:id/cover`: the picture at the head of a briefing, and what it shows in each language. */
export function coverRoutes(parts: DeskParts, language: Language): Router {
  const { wall, site, clock } = parts;
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });
  const langs = site.languages.all.map(({ code }) => code);

  const find = async (id: string) => {
    const found = await wall.read(editorialViewer, async (db) => {
      const at = await findEditable(db, id);
      return at && { at, removals: await recentRemovals(db, id, (at.copy ?? at.base).revision, clock.now()) };
    });
    if (!found) throw notFound('briefing');
    return found;
  };

  const sayCover = ({ width, height, format }: Picture) =>
    say('desk.cover.size', { width, height, format: format.toUpperCase() });

  const show = async (req: Request, res: Response, id: string, errors: CoverErrors = {}, status = 200) => {
    const { at, removals } = await find(id);
    const { content } = at;
    const editor = editorPath(language, id);
    const before = coverBefore(removals, content)?.cover;
    const { cover } = content;
    const ordered = [content.original, ...langs.filter((lang) => lang !== content.original)];
    const page: CoverPage = {
      frame: briefingFrame(language, req, at, 'cover', say('desk.cover.heading'), clock.now()),
      action: editorPath(language, id, '/cover'),
      remove: cover && editorPath(language, id, '/cover/remove'),
      removed: before ? { label: sayCover(before), action: editorPath(language, id, '/cover/restore') } : null,
      editor,
      version: markOf(content),
      cover: cover && {
        src: deskPicture(language, id, `cover.${cover.format}`, cover),
        width: cover.width,
        height: cover.height,
        text: sayCover(cover),
      },
      hint: uploadHint(language),
      wrong: errors.changed ?? null,
      pictureError: errors.picture ?? null,
      alts: {
        legend: say('desk.field.cover-alt'),
        hint: say('desk.hint.cover-alt', { n: most }),
        boxes: ordered.map((lang) => ({
          name: `cover-alt.${lang}`,
          id: `cover-alt-${lang}`,
          label: language.languageName(lang),
          lang,
          kind: 'text' as const,
          missing: false,
          list: null,
          value: errors.typed?.get(lang) ?? content.editions[lang]?.coverAlt ?? '',
          error: errors.alt?.lang === lang ? errors.alt.text : null,
        })),
      },
    };
    await renderDesk(site, language, req, res, 'cover', `/desk/briefings/${id}/cover`, page, status);
  };

  router
    .route('/desk/briefings/:id/cover')
    .get((req, res) => show(req, res, idOfBriefing(req)))
    .post(pictureForm, async (req, res) => {
      const id = idOfBriefing(req);
      const form = uploadOf(req);
      const { content } = (await find(id)).at;
      const text = (name: string) => textOf(form, name);
      const typed = new Map(langs.map((lang) => [lang, typedLine(text(`cover-alt.${lang}`))]));
      const [file] = filesOf(form, 'picture');

      const tooLong = langs.find((lang) => typed.get(lang)!.length > most);
      const alt =
        tooLong !== undefined
          ? { lang: tooLong, text: say('desk.cover.wrong.alt-long', { n: most }) }
          : [...typed.values()].every((one) => one === '')
            ? {
                lang: langs.includes(content.original) ? content.original : langs[0]!,
                text: say('desk.cover.wrong.alt'),
              }
            : null;
      const encoded = file ? await reEncode(file.bytes) : null;
      const picture =
        encoded && 'refused' in encoded
          ? pictureError(language, encoded.refused)
          : !encoded && !content.cover
            ? say('desk.cover.wrong.none')
            : null;
      if (alt || picture !== null || (encoded && 'refused' in encoded))
        return show(req, res, id, { typed, ...(alt ? { alt } : {}), ...(picture === null ? {} : { picture }) }, 422);

      const alts = new Map([...typed].map(([lang, one]) => [lang, one === '' ? null : one]));
      const saved = await saveCover(
        parts,
        id,
        { drawn: encoded, alts },
        text('version') || text('seen'),
        editorOf(res).id,
      );
      if (!saved) throw notFound('briefing');
      if (saved === 'changed') return show(req, res, id, { typed, changed: say('desk.cover.wrong.changed') }, 409);
      res.redirect(303, `${editorPath(language, id, '/cover')}?done=covered`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router.use(
    '/desk/briefings/:id/cover',
    onTooLarge((req, res, status) =>
      show(req, res, idOfBriefing(req), { picture: pictureError(language, 'bytes') }, status),
    ),
  );

  for (const [action, covering, done] of [
    ['remove', 'none', 'uncovered'],
    ['restore', 'before', 'put-back'],
  ] as const)
    router
      .route(`/desk/briefings/:id/cover/${action}`)
      .post(formBody, async (req, res) => {
        const id = idOfBriefing(req);
        const { version } = withPresentNames(req.body);
        const saved = await saveCover(
          parts,
          id,
          covering,
          typeof version === 'string' ? version : '',
          editorOf(res).id,
        );
        if (!saved) throw notFound('briefing');
        if (saved === 'changed') return show(req, res, id, { changed: say('desk.cover.wrong.changed') }, 409);
        res.redirect(303, `${editorPath(language, id, '/cover')}?done=${done}`);
      })
      .all(onlyMethods('POST'));
  return router;
}

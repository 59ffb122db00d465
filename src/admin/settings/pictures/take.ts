import type { ErrorRequestHandler, Request, Response } from 'express';
import { adminViewer } from '../../../access/viewer';
import { MOST_OFFERED_BYTES, MOST_OFFERED_PIXELS } from '../../../briefings/pictures/re-encode';
import { uploadForm, type Upload } from '../../../http/multipart';
import { Failure } from '../../../lib/failure';
import { readPictureName } from '../../../site/pictures/names';
import { storedNames, storePictures } from '../../../site/pictures/store';
import { readFields, type Fields } from '../../action/submission';
import { fieldsOf } from '../fields';
import type { SettingErrors } from '../page';
import type { SettingsParts } from '../parts';
import { MOST_SVG_BYTES } from './check-svg';
import { drawPicture, type PictureRole, type Refused } from './draw';

/** Bytes of a form with four pictures: two as large as one may be, or four of usual size. */
const MOST_TOGETHER = 2 * MOST_OFFERED_BYTES + 1024 * 1024;

/** Reads the form of the pictures. */
export const pictureForm = uploadForm({ bytes: MOST_TOGETHER, fields: 40 });

/** Answers a form larger than is read (413) as `tell` does. */
export const tooLarge =
  (tell: (req: Request, res: Response) => Promise<void>): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    if (!(error instanceof Failure) || error.status !== 413) return next(error);
    tell(req, res).catch(next);
  };

const LIMITS = {
  mb: MOST_OFFERED_BYTES / (1024 * 1024),
  mp: MOST_OFFERED_PIXELS / 1_000_000,
  kb: MOST_SVG_BYTES / 1024,
};

const sayRefused = ({ why, what = '' }: Refused): SettingErrors[string] => ({
  ...{ line: null, most: null },
  own: { key: `admin.settings.pictures.wrong.${why}`, values: { ...LIMITS, what } },
});

/** What was typed, by the names of the fields. @throws Failure 400 for a field that was sent twice. */
function typedOf({ fields }: Upload): Record<string, string> {
  if (new Set(fields.map(([name]) => name)).size < fields.length)
    throw new Failure(400, 'the body is not that of the form');
  return { ...readFields(Object.fromEntries(fields)) };
}

/**
 * Draws the pictures of a form and keeps them under their names, which stand in the form from there on: one that was
 * taken stays in it when another is not. They are shown nowhere until the setting names them.
 * @throws Failure 400 when it is no form with files.
 */
export async function takePictures(
  { invalidatingWall: wall, clock }: Pick<SettingsParts, 'invalidatingWall' | 'clock'>,
  req: Request,
): Promise<{ readonly fields: Fields; readonly wrong: SettingErrors }> {
  const upload = req.body as Upload | undefined;
  if (!upload?.files) throw new Failure(400, 'not a form with files');
  const fields = typedOf(upload);
  const errors: Record<string, SettingErrors[string]> = {};
  const roles = fieldsOf('pictures').map(({ name }) => name as PictureRole);
  for (const role of roles) {
    const file = upload.files.find(({ field }) => field === `${role}.file`);
    if (!file) {
      if (fields[`${role}.remove`] === '1') fields[role] = '';
      continue;
    }
    const picture = await drawPicture(role, file.bytes);
    if ('why' in picture) errors[role] = sayRefused(picture);
    else {
      await wall.write(adminViewer, (db) => storePictures(db, picture.files, clock.now()));
      fields[role] = picture.name;
    }
  }
  const named = roles.flatMap((role) => (fields[role] ? [fields[role]] : []));
  const there = await wall.read(adminViewer, (db) => storedNames(db, named));
  for (const role of roles) if (!isFor(role, fields[role] ?? '', there)) errors[role] ??= sayRefused({ why: 'broken' });
  return { fields, wrong: errors };
}

/** May a picture that is kept under a name be this one? An icon has sizes that a logo has not. */
function isFor(role: PictureRole, name: string, there: ReadonlySet<string>): boolean {
  const picture = readPictureName(name);
  if (name === '') return true;
  return there.has(name) && (role !== 'icon' || (picture?.width === 512 && picture.height === 512));
}

import { raw, type Request, type RequestHandler } from 'express';
import { Failure } from '../../lib/failure';

/** Bytes that an upload may have: the texts of a briefing and a picture. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Reads a form with files in it. */
export const uploadBody: RequestHandler = raw({ type: 'multipart/form-data', limit: MOST_BYTES });

/** A form with files, understood. @throws Failure 400 when it is none. */
export async function uploadOf(req: Request): Promise<FormData> {
  if (!Buffer.isBuffer(req.body)) throw new Failure(400, 'not a form with files');
  try {
    return await new Response(new Uint8Array(req.body), {
      headers: { 'Content-Type': req.get('Content-Type') ?? '' },
    }).formData();
  } catch (error) {
    throw new Failure(400, 'a form with files that cannot be read', { cause: error });
  }
}

/** The files of a field that were chosen. */
export async function filesOf(
  form: FormData,
  name: string,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }[]> {
  const files = form.getAll(name).filter((one) => typeof one !== 'string') as unknown as readonly (Blob & {
    readonly name: string;
  })[];
  return Promise.all(
    files
      .filter(({ size }) => size > 0)
      .map(async (file) => ({
        name: file.name.split(/[\\/]/).at(-1)!,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
  );
}

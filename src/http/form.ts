import { urlencoded, type RequestHandler } from 'express';

/** Bytes and fields a form may have. */
export const MOST_OF_FORM = { bytes: 16_384, fields: 40 } as const;

/** Reads the body of a form. Names stay flat: what is sent as `a[b]` is a field called `a[b]`. */
export const formBody: RequestHandler = urlencoded({
  extended: false,
  limit: MOST_OF_FORM.bytes,
  parameterLimit: MOST_OF_FORM.fields,
});

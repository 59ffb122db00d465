import { urlencoded, type RequestHandler } from 'express';

/** Reads the body of a form. Names stay flat: what is sent as `a[b]` is a field called `a[b]`. */
export const formBody: RequestHandler = urlencoded({ extended: false, limit: 16_384, parameterLimit: 40 });

import { formByName, type FormReader } from './body';

/** Bytes and fields a form may have that nobody writes a text in. */
export const MOST_OF_FORM = { bytes: 16_384, fields: 40 } as const;

/** Reads the body of such a form. Anybody may send one. */
export const formBody: FormReader = formByName(MOST_OF_FORM);

import { z } from 'zod';
import { searchLine } from './line';

/** A control character that parts no words: no form sends one. */
const CONTROL = /(?!\s)\p{Cc}/u;

/** Words to look for, as they are seen, `most` characters of them; what no form sends is refused. */
export const searchWords = (most: number) =>
  z
    .string()
    .max(most * 2)
    .refine((text) => !CONTROL.test(text))
    .transform(searchLine)
    .pipe(z.string().max(most));

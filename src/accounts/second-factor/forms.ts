import { z } from 'zod';
import { parseBody } from '../forms';

/** What the forms of the second factor send; anything else was not typed into one of them (Failure 400). */
export const readStart = (body: unknown) => parseBody(z.strictObject({ current: z.string().default('') }), body);
export const readCode = (body: unknown) => parseBody(z.strictObject({ code: z.string().max(200) }), body);
export const readChange = (body: unknown) =>
  parseBody(z.strictObject({ code: z.string().max(200), current: z.string().default('') }), body);

/** What is wrong with a code that was not even typed, or is not right. */
export const codeFault = (code: string): { readonly code: string } => ({
  code: code.trim() === '' ? 'form.wrong.code.missing' : 'form.wrong.code',
});

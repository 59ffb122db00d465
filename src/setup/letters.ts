import { z } from 'zod';
import type { LetterKinds } from '../lib/letter';

/** The letter that shows whether letters arrive. */
export const setupLetterKinds = {
  'setup-test': { data: z.strictObject({}), opens: () => '/admin', asked: true },
} as const satisfies LetterKinds;

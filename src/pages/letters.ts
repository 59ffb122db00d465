import { z } from 'zod';
import type { LetterKinds } from '../lib/letter';

const written = z.strictObject({
  name: z.string().optional(),
  email: z.string().optional(),
  message: z.string().optional(),
});

/** What reaches the publisher by the contact form: the one letter that says what somebody typed, and to them alone. */
export const pageLetterKinds = {
  'contact-message': {
    data: written,
    opens: () => null,
    asked: true,
    words: ({ name = '', email = '' }) => ({ name, email }),
    quotes: ({ message = '' }) => message.split(/\n+/).filter((line) => line.trim() !== ''),
    replyTo: ({ email }) => email ?? null,
  },
} as const satisfies LetterKinds;

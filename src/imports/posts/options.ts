import { z } from 'zod';

/** How posts become briefings, as the admin has said it. What is null has not been said: nothing is checked before. */
export interface PostOptions {
  /** Code of the language that the posts are written in. */
  readonly language: string;
  /** Slug of the category of whatever no tag says; and by the first tag of a post. */
  readonly category: string | null;
  readonly categories: Readonly<Record<string, string>>;
  /** Slugs of the kinds that take what is read by whoever has joined, and by whoever pays. */
  readonly members: string | null;
  readonly paid: string | null;
  /** Where they stood: `https://example.org`. */
  readonly home: string | null;
  /** What a published briefing has to have: by the names of `CHOICE_FIELDS`; the score in hundredths. */
  readonly choices: Readonly<Record<string, string | number>>;
}

const schema = z.object({
  language: z.string().default('en'),
  category: z.string().nullable().default(null),
  categories: z.record(z.string(), z.string()).default({}),
  members: z.string().nullable().default(null),
  paid: z.string().nullable().default(null),
  home: z.string().nullable().default(null),
  choices: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});

/** Options as their row keeps them. */
export const readPostOptions = (stored: unknown): PostOptions => schema.parse(stored ?? {});

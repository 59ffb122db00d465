import { z } from 'zod';

/** Who reads a post where it comes from: everybody, whoever has joined, or whoever pays. */
export const AUDIENCES = ['public', 'members', 'paid'] as const;
export type Audience = (typeof AUDIENCES)[number];

const post = z.object({
  title: z.string(),
  /** The last part of its address there. */
  slug: z.string(),
  /** Its address there, from the root of the site: `/a-post`, `/p/a-post`. */
  path: z.string(),
  kind: z.enum(['post', 'page']),
  status: z.enum(['published', 'draft']),
  audience: z.enum(AUDIENCES),
  /** ISO 8601. */
  published: z.string().nullable(),
  /** What its author has written for those who read nothing else; never made from the text. */
  excerpt: z.string(),
  /** Where it stood first, if elsewhere. */
  url: z.string().nullable(),
  /** What everybody reads, as HTML; and what is read by its audience alone. */
  open: z.string(),
  gated: z.string(),
  /** The picture at its head: its address there, and what it is said to show. */
  cover: z.object({ src: z.string(), alt: z.string() }).nullable(),
  /** The names of its tags, the first being what it is filed under. */
  tags: z.array(z.string()),
  authors: z.array(z.object({ key: z.string(), name: z.string(), line: z.string(), links: z.array(z.string()) })),
});

/** A post of a former platform, as every platform's reader says it. */
export type Post = z.infer<typeof post>;

/** A post out of JSON of our own. Null: it is none. */
export function readPost(json: string): Post | null {
  try {
    return post.parse(JSON.parse(json));
  } catch {
    // A failure would say what stands there.
    return null;
  }
}

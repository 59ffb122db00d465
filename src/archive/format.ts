import { z } from 'zod';

/** The first entry of an archive: what it is, and how much of what there is. */
export const MANIFEST = 'archive.json';
/** The last entry: without it an archive is not whole. */
export const END = 'end.json';

/** Counts what changes in how an archive is laid out. */
export const VERSION = 1;

export const manifestSchema = z.object({
  format: z.literal('dossier-archive'),
  version: z.number(),
  /** When it was made, in ISO 8601. */
  made: z.string(),
  /** What was applied to the database: rows fit the tables of no other. */
  schema: z.object({
    /** The name of the last migration. */
    last: z.string(),
    /** Of the names of all, in their order: one may have come between two others. */
    digest: z.string(),
    /** All of them, in their order; an archive of before does not say. */
    names: z.array(z.string()).optional(),
  }),
  /** Rows by table. */
  rows: z.record(z.string(), z.number().int()),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const endSchema = z.object({
  entries: z.number().int(),
  /** SHA-256 of all entries but the first and this one: of the name, the length and the bytes of each. */
  digest: z.string(),
});
export type End = z.infer<typeof endSchema>;

/** Rows in one entry, and the bytes after which another one begins. */
export const MOST_ROWS = 1_000;
export const MOST_BYTES = 1_000_000;

/** The entry with the nth part of a table's rows: a line of JSON for each. */
export const rowsEntry = (table: string, part: number): string =>
  `tables/${table}/${String(part).padStart(6, '0')}.ndjson`;

/** The table that an entry has rows of; null: it is another one. */
export const tableOf = (entry: string): string | null => /^tables\/([a-z_]+)\/\d{6,}\.ndjson$/.exec(entry)?.[1] ?? null;

export const pictureEntry = (id: string, format: string): string => `pictures/${id}.${format}`;
export const sizeEntry = (id: string, width: number): string => `pictures/sizes/${id}-${width}.webp`;

/** The picture that an entry holds the bytes of. */
export type PictureName =
  | { readonly table: 'pictures'; readonly id: string }
  | { readonly table: 'picture_sizes'; readonly id: string; readonly width: number };

export function pictureOf(entry: string): PictureName | null {
  const size = /^pictures\/sizes\/([0-9a-f]{64})-(\d{1,6})\.webp$/.exec(entry);
  if (size) return { table: 'picture_sizes', id: size[1]!, width: Number(size[2]) };
  const whole = /^pictures\/([0-9a-f]{64})\.[a-z]+$/.exec(entry);
  return whole ? { table: 'pictures', id: whole[1]! } : null;
}

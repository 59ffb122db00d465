import { z } from 'zod';
import { FIELDS, type Columns } from './columns';

/** How the rows of a file are to be read, as the admin has said it. */
export interface ImportOptions {
  readonly columns: Columns;
  /** Code of the language of whoever's row names none. */
  readonly language: string;
  /** By what a row says of a tier: the slug of the one that is given without payment. Others give none. */
  readonly comps: Readonly<Record<string, string>>;
  /** The tier, by slug, of rows that say they are given without payment; null: they are given none. */
  readonly comp: string | null;
  /** When what is given without payment ends where the row does not say it: `2027-01-31`; null: it is not given. */
  readonly until: string | null;
  /** Is everybody who is added sent a letter with a link to choose a password? */
  readonly letters: boolean;
}

const schema = z.object({
  columns: z.partialRecord(z.enum(FIELDS), z.number().int().min(0).max(199)).default({}),
  language: z.string().default('en'),
  comps: z.record(z.string(), z.string()).default({}),
  comp: z.string().nullable().default(null),
  until: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .nullable()
    .default(null),
  letters: z.boolean().default(false),
});

/** Options as their row keeps them; what it lacks is as before anybody has said anything. */
export const readOptions = (stored: unknown): ImportOptions => schema.parse(stored ?? {});

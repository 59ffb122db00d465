import { z } from 'zod';

/** One variable of the environment, as the operator should know it. */
export interface Setting {
  readonly name: string;
  readonly meaning: string;
  /** In words, because some depend on others. */
  readonly default: string;
  readonly allowed: string;
  /** Its value is never repeated in a message. */
  readonly secret: boolean;
  readonly requiredInProduction: boolean;
}

/** A setting with how its value is understood. */
export interface Rule<T> extends Setting {
  readonly schema: z.ZodType<T, string>;
  /** Does its schema say itself what it has found, without anything secret? */
  readonly saysWhy?: boolean;
}

/** Several secrets of one form, parted by commas. */
export const severalOf = (form: RegExp) =>
  z
    .string()
    .transform((value) => value.split(',').map((one) => one.trim()))
    .pipe(z.array(z.string().regex(form)).min(1));

/** A rule, with what most have. */
export const rule = <T>(
  name: string,
  schema: z.ZodType<T, string>,
  words: {
    meaning: string;
    default: string;
    allowed: string;
    secret?: boolean;
    requiredInProduction?: boolean;
    saysWhy?: boolean;
  },
): Rule<T> => ({
  name,
  schema,
  secret: false,
  requiredInProduction: false,
  ...words,
});
